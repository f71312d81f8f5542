import type { Described } from '../action.ts';
import type { Reason } from '../decision.ts';
import { isGlob, wildcardMatches } from '../rules/globMatch.ts';
import type { Request } from '../request.ts';
import { canonicalToolName } from '../describe/tools/catalogue.ts';
import { visible } from '../visible.ts';

/** Groups of tools that shared contexts do not get unless someone set it so (spec 8) */
const deniedInShared: readonly string[] = ['group:memory'];

/** Stage 1: the task's own tool lists, then what the channel context leaves out */
export function restrictionOf(request: Request, described: Described): Reason | undefined {
  const { task } = request;
  const tool = visible(described.tool);
  if (task?.deny?.some((entry) => listed(entry, described, true)) === true) return { type: 'task_restriction', summary: `This task may not use ${tool}.` };
  if (task?.allow !== undefined && !task.allow.some((entry) => listed(entry, described, false))) {
    return { type: 'task_restriction', summary: task.allow.length === 0 ? 'This task may use no tool at all.' : `${tool} is not among the tools of this task.` };
  }
  const context = request.actor?.context;
  if (context === 'group' || context === 'public') {
    const group = deniedInShared.find((name) => described.groups.includes(name));
    if (group !== undefined) return { type: 'context_restriction', summary: `In a ${context} conversation ${tool} may not be used, because it gives out what is remembered.` };
  }
  return undefined;
}

/** Whether an entry of a list means the tool: its name, a group, or a name with `*`; a deny ignores case */
function listed(entry: string, described: Described, foldCase: boolean): boolean {
  const name = canonicalToolName(entry);
  if (name.startsWith('group:')) return described.groups.includes(name);
  const wanted = foldCase ? name.toLowerCase() : name;
  const given = foldCase ? described.tool.toLowerCase() : described.tool;
  return wanted === given || (isGlob(wanted) && wildcardMatches(wanted, given));
}
