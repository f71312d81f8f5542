/** What a new policy script starts from: the shapes in comments that the editor understands, and an example that only passes */
export const scriptStarter = `// @ts-check
// CoWork Policy asks this script about every request, once you have reviewed it: “CoWork: Review Policy Script”.
// It can make the policy stricter and never looser. It runs apart from everything: no files, network, clock or
// modules, at most 300 ms and 32 MB. When it fails, you are asked.

/**
 * @typedef {object} Input
 * @property {string} tool The tool, such as 'run_command' or 'write_file'
 * @property {string} [server] The MCP server of the tool
 * @property {Readonly<Record<string, unknown>>} params What the tool is given, such as {command} or {path, content}
 * @property {{kind: string, target: string, argv?: (string | null)[], readings?: string[][], path?: string, host?: string, uncertain?: boolean}[]} actions
 *   What it would do, as the gate reads it, whatever the tool calls its inputs: each command of a shell line, each file, each host.
 *   'argv' are the words as they stand, null where they are known only when it runs; 'readings' all that they come to:
 *   sh -c 'X=1 env /usr/bin/git -C a push' also reads ['git', 'push']. 'uncertain': it may do what nobody could read
 * @property {string} [cwd] The folder that relative paths start from
 * @property {'private' | 'group' | 'public' | null} gatewayContext Where a request from a channel was made
 * @property {{id: string, name: string, path: string, isTemp: boolean, permissions: Record<'read' | 'write' | 'delete' | 'shell' | 'network', boolean>}} workspace
 * @property {number} timestampMs Now, in milliseconds since 1970
 */

/**
 * @param {Input} input
 * @returns {{decision: 'pass' | 'require_approval' | 'deny', reason?: string}}
 */
function decide({ actions }) {
  // Example: nobody pushes to main without being asked
  if (actions.some(({ readings = [] }) => readings.some(([program, verb, ...rest]) => program === 'git' && verb === 'push' && rest.some((word) => /(^|[:+/])main$/.test(word))))) {
    return { decision: 'require_approval', reason: 'This pushes to main.' };
  }
  return { decision: 'pass' };
}
`;
