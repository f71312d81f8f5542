import assert from 'node:assert/strict';
import { readCommand } from '../../../../../../src/core/describe/shell/command.ts';
import type { CommandReading } from '../../../../../../src/core/describe/shell/command.ts';
import { rows } from '../../../../../../src/core/describe/shell/commands/table.ts';
import type { Row } from '../../../../../../src/core/describe/shell/commands/row.ts';
import { splitWords } from './splitWords.ts';

/**
 * Each row carries examples, `command → class effect effect …`. The class may say where it is named (`other@2`). Writes,
 * deletes, exports, unknowns, guardrails, changes and everything it runs must be listed in full, but beside a guardrail
 * nothing else; of reads and fetches the listed ones must be there.
 */
const complete = new Set(['write', 'delete', 'export', 'unknown', 'guard', 'runs', 'script', 'code', 'npm', 'change']);

describe('examples of the table of commands', () => {
  for (const row of rows) {
    for (const example of examplesOf(row)) {
      it(example, () => {
        const [command, expected] = example.split(' → ');
        assert.ok(command !== undefined && expected !== undefined, 'an example needs a command and an expectation');
        const reading = readCommand(splitWords(command), { stdin: 'none', platform: 'linux' });
        const [wantedClass, ...wanted] = expected.split(' ');
        const given = summary(reading);
        assert.equal(wantedClass?.includes('@') ? `${reading.class}@${reading.namedAt}` : reading.class, wantedClass, given.join(' '));
        for (const part of wanted) assert.ok(given.includes(part), `${part} is missing in: ${given.join(' ')}`);
        const kinds = new Set(wanted.some((part) => part.startsWith('guard:')) ? ['guard'] : [...complete]);
        for (const part of given) assert.ok(!kinds.has(kindOf(part)) || wanted.includes(part), `${part} is not in the example`);
      });
    }
  }

  it('every row has examples', () => {
    const without = rows.filter((row) => examplesOf(row).length === 0).map((row) => row.names);
    assert.deepEqual(without, []);
  });

  it('no program stands in two rows', () => {
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const row of rows) for (const name of row.names.split(' ')) {
      if (seen.has(name)) twice.push(name);
      seen.set(name, row.names);
    }
    assert.deepEqual(twice, []);
  });
});

function examplesOf(row: Row): string[] {
  return [...(row.examples ?? []), ...(row.commands ?? []).flatMap(examplesOf)];
}

function kindOf(part: string): string {
  return part.split(':', 1)[0] ?? part;
}

function summary(reading: CommandReading): string[] {
  const parts: string[] = [];
  for (const effect of reading.effects) {
    if (effect.kind === 'unknown') parts.push('unknown');
    else if (effect.kind === 'fetch' || effect.kind === 'export') parts.push(`${effect.kind}:${effect.text ?? effect.provider?.replaceAll(' ', '_') ?? '?'}`);
    else if (effect.kind === 'read' || effect.kind === 'write' || effect.kind === 'delete') parts.push(`${effect.kind}:${effect.base === undefined ? '' : `${effect.base}//`}${effect.text}${effect.recursive ? '/**' : ''}${effect.some ? '(some)' : ''}`);
  }
  for (const inner of reading.runs ?? []) {
    if (inner.kind === 'words') parts.push(`runs:${inner.words ? inner.words.map((word) => word.text ?? word.raw).join('_').replaceAll(' ', '_') : inner.from}${inner.to === undefined || inner.words ? '' : `-${inner.to}`}${inner.stdin ? '+stdin' : ''}`);
    else if (inner.kind === 'script') parts.push(`script:${(inner.text ?? (inner.stdin ? 'stdin' : '?')).replaceAll(' ', '_')}`);
    else if (inner.kind === 'code') parts.push(`code:${inner.language}`);
    else parts.push(`npm:${inner.manager}:${inner.name}`);
  }
  if (reading.guardrail) parts.push(`guard:${reading.guardrail.id}`);
  for (const change of reading.changes ?? []) parts.push(`change:${change.kind}${'name' in change ? `:${change.name ?? '*'}` : 'to' in change ? `:${change.to ?? '?'}` : ''}`);
  return parts;
}
