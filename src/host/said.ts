import type { Words } from '../gate/words.ts';

/** Marks a text of the gate for translation; where it stands below, it is looked for and said by the translator */
function sentence(text: string): string {
  return text;
}

/** How the gate says why it decides and why it refuses a change, the longer of two that fit first; what stands for `parts` is a text of the gate again */
const sentences: readonly (readonly [text: string, parts?: readonly number[]])[] = [
  [sentence('{0} is switched off for this workspace.'), [0]],
  [sentence('{0} are allowed in this mode ({1}).'), [0]], [sentence('{0} ask in this mode ({1}).'), [0]], [sentence('{0} are denied in this mode ({1}).'), [0]],
  [sentence('{0} is allowed in this mode ({1}).'), [0]], [sentence('{0} asks in this mode ({1}).'), [0]], [sentence('{0} is denied in this mode ({1}).'), [0]], [sentence('{0} asks in every mode.'), [0]],
  [sentence('Your location is asked about in every mode.')], [sentence('What this command would do cannot be told, so it always asks.')],
  [sentence('Allowed by the {0} rule for {1}.'), [0]], [sentence('Asked because of the {0} rule for {1}.'), [0]], [sentence('Denied by the {0} rule for {1}.'), [0]],
  [sentence('It changes {0}, which {1}; no tool may do that.'), [1]], [sentence('It deletes {0}, which {1}; no tool may do that.'), [1]],
  [sentence('It changes {0}, which {1}.'), [1]], [sentence('It deletes {0}, which {1}.'), [1]], [sentence('It reads {0}, which {1}.'), [1]],
  [sentence('The path is outside the workspace and not in an allowed path.')], [sentence('The script it runs changed since you allowed it.')],
  [sentence('The command matches the blocked pattern “{0}”.')], [sentence('A blocked pattern cannot be used, so every command asks until it is mended.')],
  [sentence('The address is in the private network.')], [sentence('The address is this machine itself.')], [sentence('The address is on the local link.')],
  [sentence('The address gives out the credentials of a cloud machine.')], [sentence('The address is that of no particular machine, so it reaches this one.')],
  [sentence('What this request does is not known.')], [sentence('The request could not be decided because something failed inside; it is denied to be safe.')],
  [sentence('It would delete everything in the workspace.')], [sentence('It would delete everything in the home folder.')], [sentence('It would delete everything on a drive.')], [sentence('It would delete everything in {0}.')],
  [sentence('It deletes the workspace folder, a home folder or all above them.')], [sentence('It would overwrite a device.')], [sentence('It would run what it downloads.')], [sentence('It would start copies of itself without end.')],
  [sentence('{0} runs with the rights of another user.')], [sentence('{0} stops or restarts the machine.')],
  [sentence('At most {0} changes of settings a minute. Wait {1} s.')],
  [sentence('The change could not be recorded, so nothing changed. {0}')],
  [sentence('This rule is there already: {0}.')],
  [sentence('This rule is set by the administrator of this machine.')],
  [sentence('This rule belongs to the repository. Remove it from .cowork/policy/permissions.json.')],
  [sentence('There is no such rule; it may be gone already.')],
  [sentence('At most {0} rules can be changed at once.')],
  [sentence('The rules of the repository can be reviewed once you trust this workspace.')],
  [sentence('permissions.json has changed since it was shown. Look at it again.')],
  [sentence('What this request would do has changed since it was shown. Look at it again.')],
  [sentence('It was settled before this window opened.')],
  [sentence('There is no such question.')],
  [sentence('There are {0} blocked patterns; at most {1} are possible. Join some with “|”.')],
  [sentence('A blocked pattern is empty; remove it.')],
  [sentence('The blocked pattern “{0}” is longer than {1} characters; shorten it.')],
  [sentence('The blocked pattern “{0}” cannot be used. {1}'), [1]],
  [sentence('The command is too long to be tested against the blocked patterns.')],
  [sentence('Testing the command against the blocked patterns takes too long.')],
  [sentence('This rule cannot be kept. {0}'), [0]],
  [sentence('The prefix “{0}” goes on behind the first command or holds a variable; a prefix is the leading words of one command.')],
  [sentence('The prefix “{0}” ends inside a quotation; a prefix is the leading words of one command.')],
  [sentence('“{0}” is not a domain; write a host such as api.example.com or *.example.com.')],
  [sentence('“{0}” must be one of {1}.')],
  [sentence('“{0}” cannot be read.')],
  [sentence('“{0}” is too large.')],
  [sentence('“{0}” is too small or empty.')],
  [sentence('It runs text that is only known when it runs.')], [sentence('Which command runs is only known when it runs.')], [sentence('It runs what another command prints.')], [sentence('It does not parse.')],
];

/** Parts of such sentences */
const fragments: readonly string[] = [
  sentence('Reading'), sentence('Writing'), sentence('Deleting'), sentence('The shell'), sentence('The network'),
  sentence('Reads'), sentence('Reads outside the workspace'), sentence('File changes'), sentence('Deletes'), sentence('Shell commands'), sentence('Shell commands that only read or test'), sentence('Network reads'),
  sentence('Sending data out'), sentence('MCP tools'), sentence('Outside services'), sentence('Browser, screen, clipboard and applications'), sentence('Unknown tools'),
  sentence('administrator’s'), sentence('session'), sentence('workspace'), sentence('repository'), sentence('profile'), sentence('trusted command'), sentence('built-in'),
  sentence('holds this product’s own rules and record'), sentence('git runs at later commands'), sentence('can make git run programs'), sentence('holds the settings and hooks of submodules'),
  sentence('can point git at another repository and its hooks'), sentence('can switch off approvals and start programs in the editor'), sentence('can run commands when the folder is opened'), sentence('can run commands when debugging starts'),
  sentence('can start programs as tool servers'), sentence('can change editor settings and start programs'), sentence('can give agents more rights or run commands'), sentence('can run commands around an agent’s work'),
  sentence('runs on the build server with its secrets'), sentence('sets variables and keys that programs read at start'), sentence('runs in the shell when the folder is entered'), sentence('runs in every new shell'),
  sentence('may hold keys and passwords'), sentence('may hold a private key'), sentence('may hold credentials'), sentence('holds keys and credentials'), sentence('holds this product’s own rules and keys'), sentence('holds this product’s own keys'),
  sentence('starts with the session'), sentence('holds credentials'), sentence('holds stored passwords'), sentence('belongs to the system or to another user'), sentence('belongs to the system'), sentence('you sealed'), sentence('you asked to guard'),
];

const longest = 1_000;
const known = new Set(fragments);
const patterns = sentences.map(([text, parts = []]) => ({ text, parts, fits: new RegExp(`^${text.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`).replaceAll(/\{\d\}/g, '(.+)')}$`, 's') }));

/**
 * What the gate says, in the person's language as far as it is known; anything else as it is. The record keeps it in English, the
 * same for everybody who reads it.
 */
export function said(text: string, l10n: Words): string {
  // Longer ones hold what somebody else wrote, who might make looking take long
  if (text.length > longest) return text;
  if (known.has(text)) return l10n.t(text);
  for (const { text: pattern, parts, fits } of patterns) {
    const found = fits.exec(text);
    if (found !== null) return l10n.t(pattern, ...found.slice(1).map((part, index) => (parts.includes(index) ? said(part, l10n) : part)));
  }
  return text;
}
