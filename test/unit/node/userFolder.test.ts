import assert from 'node:assert/strict';
import { userFolder } from '../../../src/node/userFolder.ts';

describe('the user’s folder', () => {
  const cases: readonly [string, NodeJS.ProcessEnv, NodeJS.Platform, string, string][] = [
    ['is below .config on Linux', {}, 'linux', '/home/a', '/home/a/.config/cowork-policy'],
    ['follows XDG_CONFIG_HOME', { XDG_CONFIG_HOME: '/x' }, 'linux', '/home/a', '/x/cowork-policy'],
    ['ignores a relative XDG_CONFIG_HOME, which would put the key into the workspace', { XDG_CONFIG_HOME: 'x' }, 'linux', '/home/a', '/home/a/.config/cowork-policy'],
    ['ignores a relative COWORK_POLICY_HOME', { COWORK_POLICY_HOME: './p' }, 'linux', '/home/a', '/home/a/.config/cowork-policy'],
    ['is what COWORK_POLICY_HOME names', { COWORK_POLICY_HOME: '/p', XDG_CONFIG_HOME: '/x' }, 'linux', '/home/a', '/p'],
    ['is in the Library on a Mac', {}, 'darwin', '/Users/a', '/Users/a/Library/Application Support/cowork-policy'],
    ['is in APPDATA on Windows', { APPDATA: 'C:\\Users\\a\\AppData\\Roaming' }, 'win32', 'C:\\Users\\a', 'C:\\Users\\a\\AppData\\Roaming\\cowork-policy'],
    ['has a place on Windows without APPDATA', {}, 'win32', 'C:\\Users\\a', 'C:\\Users\\a\\AppData\\Roaming\\cowork-policy'],
  ];
  for (const [name, environment, platform, home, expected] of cases) {
    it(name, () => assert.equal(userFolder(environment, platform, home), expected));
  }
});
