/** A file that a patch touches */
export interface PatchFile {
  readonly kind: 'write' | 'delete';
  readonly path: string;
}

/**
 * The files a patch touches, in either of the two common formats: `*** Update File:` blocks and unified diffs.
 * `undefined` when the text names none or holds a header that cannot be read. Header lines inside a hunk count too:
 * naming one file too many only asks more.
 */
export function readPatch(text: string): readonly PatchFile[] | undefined {
  const files: PatchFile[] = [];
  let updated: string | undefined;
  let gitStyle = false;
  let before: readonly string[] = [];
  for (const line of text.split(/\r?\n|\r/)) {
    const block = /^\s*\*\*\*\s*(Add|Update|Delete|Move to)(?: File)?:(.*)$/i.exec(line);
    if (block !== null) {
      const path = (block[2] ?? '').trim();
      if (path === '') return undefined;
      const verb = (block[1] ?? '').toLowerCase();
      if (verb === 'update') updated = path;
      if (verb === 'move to' && updated !== undefined) files.push({ kind: 'delete', path: updated });
      files.push({ kind: verb === 'delete' ? 'delete' : 'write', path });
      continue;
    }
    if (line.startsWith('diff --git ')) {
      gitStyle = true;
      continue;
    }
    const renamed = /^(rename|copy) (from|to) (.+)$/.exec(line);
    const header = renamed === null ? /^(---|\+\+\+) (.+)$/.exec(line) : null;
    if (renamed === null && header === null) continue;
    const path = plainName(renamed?.[3] ?? (header?.[2] ?? '').split('\t')[0] ?? '');
    if (path === undefined) return undefined;
    if (renamed !== null) {
      if (renamed[1] === 'rename' || renamed[2] === 'to') files.push({ kind: renamed[2] === 'from' ? 'delete' : 'write', path });
      continue;
    }
    if (path === '/dev/null') {
      if (header?.[1] === '+++') files.push(...before.map((name) => ({ kind: 'delete' as const, path: name })));
      continue;
    }
    // Without `diff --git` it depends on the program whether a leading `a/` is part of the name.
    const stripped = /^[a-z]\/(.+)$/.exec(path)?.[1];
    const names = stripped === undefined ? [path] : gitStyle ? [stripped] : [path, stripped];
    if (header?.[1] === '---') before = names;
    files.push(...names.map((name) => ({ kind: 'write' as const, path: name })));
  }
  return files.length === 0 ? undefined : files;
}

/** A name as a diff header has it; `undefined` for an empty one and for one that Git wrote with escapes */
function plainName(path: string): string | undefined {
  const inner = /^"(.*)"$/.exec(path)?.[1];
  if (inner !== undefined && inner.includes('\\')) return undefined;
  const name = inner ?? path;
  return name === '' ? undefined : name;
}
