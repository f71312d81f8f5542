import { bareToolName } from './catalogue.ts';

/** An MCP tool with the server it belongs to, both lower case */
export interface McpName {
  readonly server: string;
  readonly tool: string;
}

const mostReadings = 8;

/**
 * The MCP tools a name may stand for: `mcp__server__tool` has one reading, `mcp_a_b_c` has one per place to cut it, so that a
 * deny on any of these servers holds. With `server` given by the caller it is that one, and the one in the name where that
 * says another. `undefined` for a tool of no server.
 */
export function readMcpName(name: string, server: string | undefined): readonly McpName[] | undefined {
  const bare = bareToolName(name).toLowerCase();
  const given = server?.trim().toLowerCase();
  const double = /^mcp__(.+?)__(.*)$/.exec(bare);
  if (given === undefined || given === '') {
    if (double !== null) return [{ server: double[1] ?? '', tool: double[2] ?? '' }];
    return bare.startsWith('mcp_') ? everyCut(bare.slice('mcp_'.length)) : undefined;
  }
  if (double !== null && slug(double[1] ?? '') !== slug(given)) {
    return [{ server: given, tool: double[2] ?? '' }, { server: double[1] ?? '', tool: double[2] ?? '' }];
  }
  return [{ server: given, tool: withoutServer(bare, given) }];
}

function everyCut(text: string): McpName[] {
  const cuts: McpName[] = [];
  const parts = text.split('_');
  for (let index = 1; index < Math.min(parts.length, mostReadings); index++) {
    cuts.push({ server: parts.slice(0, index).join('_'), tool: parts.slice(index).join('_') });
  }
  return cuts.length === 0 ? [{ server: text, tool: '' }] : cuts;
}

/** Clients write server names with other letters than the configuration has */
function slug(text: string): string {
  return text.replace(/[^a-z0-9]+/g, '_');
}

function withoutServer(bare: string, server: string): string {
  const short = slug(server);
  const inner = bare.startsWith('mcp_') ? bare.replace(/^mcp_+/, '') : bare;
  if (slug(inner.slice(0, server.length)) !== short) return bare;
  const rest = inner.slice(server.length).replace(/^(?:__?|[./:-])/, '');
  return rest === '' || rest === inner.slice(server.length) ? bare : rest;
}

/** The one name rules and records know an MCP tool by */
export function mcpToolName(name: McpName): string {
  return `mcp_${slug(name.server)}_${name.tool}`.replace(/_{2,}/g, '_').replace(/_$/, '');
}
