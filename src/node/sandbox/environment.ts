import { userInfo } from 'node:os';

/** Variables a command gets from ours where they are set (cowork-facts 1.11); none of them holds a secret */
const passed = process.platform === 'win32'
  ? ['PATH', 'USERPROFILE', 'USERNAME', 'HOMEDRIVE', 'HOMEPATH', 'TEMP', 'TMP', 'SystemRoot', 'COMSPEC']
  : ['PATH', 'HOME', 'USER', 'SHELL', 'LANG', 'TERM', 'TMPDIR'];

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The environment of a command that runs on this system itself */
export function bareEnvironment(own: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return Object.fromEntries(passed.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]])));
}

/** The environment inside a sandbox that hides the home and has a temporary folder of its own; folders of `PATH` that are not seen there do no harm */
export function sandboxEnvironment(home: string, own: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return {
    PATH: own['PATH'] ?? systemPath,
    HOME: home,
    USER: userInfo().username,
    SHELL: '/bin/sh',
    LANG: own['LANG'] ?? 'C.UTF-8',
    TERM: 'dumb',
    TMPDIR: '/tmp',
  };
}
