import path from 'node:path';
import type { Place } from './client.ts';

/** Environment of every client: no telemetry, no updates, no proxy but a dead one */
const quiet: Readonly<Record<string, string>> = {
  LANG: 'C.UTF-8', TERM: 'dumb', USER: 'user', SHELL: '/bin/bash', NO_COLOR: '1',
  DO_NOT_TRACK: '1', DISABLE_TELEMETRY: '1', DISABLE_AUTOUPDATER: '1', DISABLE_ERROR_REPORTING: '1', NO_UPDATE_NOTIFIER: '1', OTEL_SDK_DISABLED: 'true',
  HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1,localhost', no_proxy: '127.0.0.1,localhost',
};

/** What a person's terminal on that machine would have set */
export function environmentOf({ home, userFolder, temporary }: Place): Record<string, string> {
  return {
    ...quiet, HOME: home, TMPDIR: temporary, COWORK_POLICY_HOME: userFolder,
    PATH: `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
  };
}
