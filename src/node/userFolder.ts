import { homedir } from 'node:os';
import path from 'node:path';

/**
 * The user's own state folder, outside every workspace: key, anchors, profile rules, reviewed hashes.
 *
 * `COWORK_POLICY_HOME` names another one, for tests and for people who keep their settings elsewhere. Relative values are
 * ignored: they would put the key into whatever folder a program was started in.
 */
export function userFolder(environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform, home: string = homedir()): string {
  const paths = platform === 'win32' ? path.win32 : path.posix;
  const absolute = (value: string | undefined): string | undefined => (value !== undefined && paths.isAbsolute(value) ? value : undefined);
  const named = absolute(environment['COWORK_POLICY_HOME']);
  if (named !== undefined) return named;
  if (platform === 'win32') return paths.join(absolute(environment['APPDATA']) ?? paths.join(home, 'AppData', 'Roaming'), 'cowork-policy');
  if (platform === 'darwin') return paths.join(home, 'Library', 'Application Support', 'cowork-policy');
  return paths.join(absolute(environment['XDG_CONFIG_HOME']) ?? paths.join(home, '.config'), 'cowork-policy');
}

/** The administrator's rules file; fixed per platform, so that no environment variable can take it away */
export function managedFile(platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return 'C:\\ProgramData\\cowork-policy\\managed.json';
  if (platform === 'darwin') return '/Library/Application Support/cowork-policy/managed.json';
  return '/etc/cowork-policy/managed.json';
}
