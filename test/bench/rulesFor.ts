import type { Rule, RuleScope } from '../../src/core/rules/rule.ts';

/** Rules as they gather in a workspace, a fifth of each kind, spread over folders, hosts and programs; in the middle stand five that meet the requests of the bench and allow */
export function rulesFor(count: number): readonly Rule[] {
  const rules: Rule[] = [];
  for (let index = 0; index < count; index++) {
    const scope = meeting[index - (count >> 1)];
    const effect = scope === undefined ? (['allow', 'ask', 'deny'] as const)[index % 3] ?? 'ask' : 'allow';
    const source = (['workspace_db', 'profile', 'workspace_manifest'] as const)[index % 3] ?? 'profile';
    rules.push({ id: `r${index}`, source, effect, scope: scope ?? scopeFor(index), createdAt: index });
  }
  return rules;
}

const meeting: readonly RuleScope[] = [
  { kind: 'path', path: '/home/ada/project/src', toolName: 'write_file' },
  { kind: 'domain', domain: '*.example.org' },
  { kind: 'command_prefix', prefix: 'git status' },
  { kind: 'tool', toolName: 'mcp_files_*' },
  { kind: 'path', path: '/home/ada/project/**/*.secret' },
];

function scopeFor(index: number): RuleScope {
  switch (index % 5) {
    case 0: return { kind: 'path', path: `/home/ada/project/packages/p${index % 311}/module${index}/file.ts` };
    case 1: return { kind: 'domain', domain: index % 2 === 0 ? `host${index}.example.com` : `*.zone${index}.example.net` };
    case 2: return { kind: 'command_prefix', prefix: `program${index % 1009} verb${index}` };
    case 3: return { kind: 'tool', toolName: index % 2 === 0 ? `mcp_server${index}_*` : `tool_${index}` };
    default: return { kind: 'path', path: `/home/ada/project/**/*.kind${index}` };
  }
}
