import type { Row } from './row.ts';
import { archiveRows } from './archives.ts';
import { builtinRows } from './builtins.ts';
import { fileRows } from './files.ts';
import { gitRows } from './git.ts';
import { interpreterRows } from './interpreters.ts';
import { networkRows } from './network.ts';
import { ownProgramRows } from './ownProgram.ts';
import { packageManagerRows } from './packageManagers.ts';
import { searchRows } from './search.ts';
import { shellRows } from './shells.ts';
import { systemRows } from './system.ts';
import { testRunnerRows } from './testRunners.ts';
import { textRows } from './text.ts';
import { wrapperRows } from './wrappers.ts';
import { containerRows } from './containers.ts';
import { cloudRows } from './cloud.ts';
import { editorRows } from './editors.ts';
import { buildToolRows } from './buildTools.ts';
import { secretToolRows } from './secretTools.ts';
import { windowsRows } from './windows.ts';

/** Every row, by family */
export const rows: readonly Row[] = [
  ...archiveRows, ...buildToolRows, ...builtinRows, ...cloudRows, ...containerRows, ...editorRows, ...fileRows, ...gitRows, ...interpreterRows,
  ...networkRows, ...ownProgramRows, ...packageManagerRows, ...searchRows, ...secretToolRows, ...shellRows, ...systemRows, ...testRunnerRows, ...textRows, ...windowsRows,
  ...wrapperRows,
];

const byName = new Map<string, Row>();
for (const row of rows) for (const name of row.names.split(' ')) byName.set(name, row);
// Where the platform ignores case, names arrive in lower case
for (const [name, row] of [...byName]) if (!byName.has(name.toLowerCase())) byName.set(name.toLowerCase(), row);

/** The row of a program, by its plain name */
export function rowOf(name: string): Row | undefined {
  return byName.get(name) ?? versioned(name) ?? (/^[A-Za-z]+-[A-Za-z]+$/u.test(name) ? byName.get(name.toLowerCase()) : undefined);
}

/** The name without a version: `python` for `python3.12` */
export function unversioned(name: string): string | undefined {
  return /^(python|pypy|pip|node|ruby|perl|php|lua|bash|gcc|g\+\+|clang|clang\+\+)-?\d[\d.]*$/u.exec(name)?.[1];
}

/** `python3.12`, `gcc-13`, `clang++-17`, `pip3.11` are what they are without the version */
function versioned(name: string): Row | undefined {
  const bare = unversioned(name);
  return bare === undefined ? undefined : byName.get(bare);
}
