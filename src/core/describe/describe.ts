import type { Action, Described } from '../action.ts';
import { isInside, readPath } from './path.ts';
import type { PathReading } from './path.ts';
import { addressesIn, readAddress, readHttpRequest, readSearch } from './network.ts';
import type { Request, ShellKind } from '../request.ts';
import { readShellLine } from './shell/readShellLine.ts';
import type { Surroundings } from '../surroundings.ts';
import { type PathUse, type Tool, bareToolName, canonicalToolName, findTool } from './tools/catalogue.ts';
import { groupsOf } from './tools/groups.ts';
import { type InputValue, type InputValues, readInput } from './tools/inputValues.ts';
import { type McpName, mcpToolName, readMcpName } from './tools/mcpName.ts';
import { readPatch } from './tools/patch.ts';

/** Longest command text that is read, in UTF-16 units */
const longestCommand = 256 * 1024;

/**
 * Turns a tool call into everything it would do (spec 1), from its tool, its input and nothing else.
 *
 * Never throws, never gives an empty list. What cannot be read for certain is `uncertain` and so at least asked about;
 * a tool nobody described is `unknown`, and the paths and addresses in its input count all the same, so that denies hold.
 */
export function describe(request: Request, surroundings: Surroundings): Described {
  try {
    return new Reading(request, surroundings).described();
  } catch (error) {
    // INVARIANT: a failure here must not open the gate, whatever it was; the request is then as unknown as can be, and may
    // need anything that is switched off.
    const why = error instanceof Error ? error.message : String(error);
    const { tool } = request;
    return { tool, actions: [{ kind: 'unknown', target: tool, uncertain: `The request could not be read: ${why}` }], groups: [], needsNetwork: true, needsShell: true };
  }
}

/** A wildcard with `..` behind it, or alternatives that are absolute: where these lead cannot be told from the text */
function climbsInPattern(text: string): boolean {
  const wildcard = text.search(/[*?[{(]/);
  return (wildcard >= 0 && text.includes('..', wildcard)) || /[{(,|]\s*(?:[/\\~]|[a-z]:)/i.test(text);
}

/** What a path of an undescribed tool may come to */
const change: PathUse = { kinds: ['write'] };
const reading: PathUse = { kinds: ['read'] };

class Reading {
  readonly #request: Request;
  readonly #surroundings: Surroundings;
  readonly #input: Readonly<Record<string, unknown>>;
  readonly #tool: Tool | undefined;
  readonly #mcp: readonly McpName[] | undefined;
  readonly #values: InputValues;
  readonly #actions: Action[] = [];
  /** Folders that relative paths may start from; more than one where programs differ about it */
  readonly #bases: readonly string[];
  #command: string | undefined;
  #folderIsDoubtful = false;

  constructor(request: Request, surroundings: Surroundings) {
    this.#request = request;
    this.#surroundings = placed(request, surroundings);
    this.#input = isObject(request.input) ? request.input : {};
    this.#mcp = readMcpName(request.tool, request.server);
    this.#tool = this.#mcp === undefined ? (findTool(request.tool) ?? likeTool(request.tool, surroundings)) : undefined;
    this.#values = readInput(this.#input, this.#tool?.pattern);
    this.#bases = this.#readBases();
  }

  described(): Described {
    const first = this.#mcp?.[0];
    const tool = this.#tool;
    const name = first !== undefined ? mcpToolName(first) : canonicalToolName(this.#request.tool);
    if (tool !== undefined) this.#readTool(tool);
    else this.#readStranger(name);
    this.#readApprovalType(name);
    if (this.#values.tooMany) this.#actions.push({ kind: 'unknown', target: name, uncertain: 'The input holds too much to look through.' });
    if (this.#actions.length === 0) this.#actions.push({ kind: 'unknown', target: name });
    return {
      tool: name,
      ...(first === undefined ? {} : { server: first.server }),
      actions: this.#actions,
      groups: groupsOf(name),
      needsNetwork: tool?.needsNetwork === true || this.#request.approvalType === 'network_access',
      needsShell: tool?.deed === 'code' || tool?.deed === 'shell' || this.#request.approvalType === 'run_command',
      ...(this.#command === undefined ? {} : { command: this.#command }),
      ...(this.#command === undefined || this.#folderIsDoubtful ? {} : { folder: this.#folder }),
    };
  }

  /** The folder of the request, then the one its input names */
  #readBases(): readonly string[] {
    const { workspace } = this.#surroundings;
    let base = workspace;
    if (this.#request.cwd !== undefined && this.#request.cwd !== '') {
      const asked = readPath(this.#request.cwd, workspace, this.#surroundings);
      if (asked.ok) base = asked.path;
      else this.#doubtFolder(this.#request.cwd, asked.why);
    }
    const named: string[] = [];
    for (const value of this.#values.values) {
      if (!this.#isFolder(value)) continue;
      const asked = readPath(value.text, base, this.#surroundings);
      if (!asked.ok) this.#doubtFolder(value.text, asked.why);
      else if (!named.includes(asked.path)) named.push(asked.path);
    }
    // The shell tool runs where its input says; of other tools it is not known whether they heed such a key.
    if (named.length === 0) return [base];
    return this.#tool?.deed === 'shell' ? named : [...new Set([base, ...named])];
  }

  #doubtFolder(folder: string, why: string): void {
    this.#folderIsDoubtful = true;
    this.#actions.push({ kind: 'unknown', target: folder, uncertain: `The folder it runs in cannot be read: ${why}` });
  }

  /** Where a shell line starts, as it is read */
  get #folder(): string {
    return this.#bases[0] ?? this.#surroundings.workspace;
  }

  #isFolder(value: InputValue): boolean {
    return value.meaning === 'folder' || (this.#tool?.deed === 'shell' && value.meaning === 'path' && /^(?:dir|folder)/i.test(value.key));
  }

  #readTool(tool: Tool): void {
    switch (tool.deed) {
      case 'files':
        this.#readFiles(tool);
        this.#readAddresses(false);
        return;
      case 'patch':
        this.#readPatch();
        return this.#readPaths(change, change, change);
      case 'internal':
        this.#actions.push({ kind: 'read', target: tool.name, path: this.#surroundings.workspace });
        return this.#readPaths(reading, reading, change);
      case 'shell':
        this.#readShell(tool);
        return this.#readPaths(reading, reading, change);
      case 'code':
        this.#readCode(tool);
        return this.#readPaths(change, change, change);
      case 'git':
        this.#readGit(tool.words ?? []);
        return this.#readPaths(reading, reading, change);
      case 'fetch':
        return this.#readFetch(tool);
      case 'request':
        return this.#readRequest();
      case 'search':
        return this.#readSearch(tool);
      case 'upload':
        return this.#readUpload(tool);
      case 'external':
      case 'interact':
      case 'locate':
        this.#actions.push({ kind: tool.deed, target: tool.name });
        this.#readAddresses(false);
        return this.#readPaths(tool.path ?? reading, reading, change);
    }
  }

  /** An MCP tool, or one nobody described */
  #readStranger(name: string): void {
    for (const { server, tool } of this.#mcp ?? []) this.#actions.push({ kind: 'mcp', target: tool === '' ? server : `${server}/${tool}`, server, mcpTool: tool });
    if (this.#mcp === undefined) this.#actions.push({ kind: 'unknown', target: name });
    const command = this.#values.values.find((value) => value.meaning === 'command');
    if (command !== undefined && command.text !== '') this.#command = command.text;
    this.#readAddresses(false);
    this.#readPaths(change, change, change);
  }

  #readFiles(tool: Tool): void {
    const use = tool.path ?? reading;
    this.#readPaths(use, tool.source ?? use, tool.dest ?? (tool.path === undefined || isReading(use) ? change : use));
    for (const key of this.#values.malformed) this.#addUncertain(use, key, 'The path is no text.');
    if (tool.needs === undefined || this.#actions.some((action) => 'path' in action)) return;
    if (tool.needs === 'path') {
      this.#addUncertain(use, tool.name, 'The call names no path.');
      return;
    }
    for (const base of this.#bases.length > 1 ? this.#bases.slice(1) : this.#bases) this.#addPath(use, base, base);
  }

  #readPatch(): void {
    const texts = Object.values(this.#input).filter((value) => typeof value === 'string' && /(?:^|\n)[^\S\n]*(?:\*\*\*|---|\+\+\+|diff|rename|copy) /.test(value));
    if (texts.length === 0) this.#addUncertain(change, 'apply_patch', 'The call holds no patch.');
    for (const text of texts as readonly string[]) {
      const files = text.length > longestCommand * 16 ? undefined : readPatch(text);
      if (files === undefined || files.length > 1_000) this.#addUncertain(change, 'apply_patch', 'The patch cannot be read.');
      else for (const file of files) this.#readPath(file.kind === 'delete' ? { kinds: ['delete'] } : change, file.path);
    }
  }

  #readShell(tool: Tool): void {
    const texts = this.#shellTexts();
    if (this.#bases.length > 1) {
      this.#folderIsDoubtful = true;
      this.#actions.push({ kind: 'unknown', target: tool.name, uncertain: 'The call names several folders to run in.' });
    }
    if (texts.length === 0) this.#addUnreadable(tool.name, 'The call holds no command text.');
    for (const text of texts) {
      if (text.length > longestCommand) {
        this.#addUnreadable(`${text.slice(0, 200)}…`, 'The command is too long to read.');
        continue;
      }
      const offset = this.#actions.length;
      for (const action of readShellLine(text, this.#folder, this.#surroundings, this.#shellKind()).actions) {
        const { owner, parent } = action;
        this.#actions.push(offset === 0 ? action : { ...action, ...(owner === undefined ? {} : { owner: owner + offset }), ...(parent === undefined ? {} : { parent: parent + offset }) });
      }
    }
    if (texts.length > 0) this.#command = texts.join('\n');
  }

  /** Command texts of the input; a list of words becomes a line that says exactly these words */
  #shellTexts(): readonly string[] {
    const texts: string[] = [];
    for (const { meaning, key, text } of this.#values.values) {
      if (meaning !== 'command') continue;
      const value = this.#input[key];
      if (text !== '') texts.push(text);
      else if (Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string')) texts.push(lineOf(value, this.#shellKind()));
      else this.#addUnreadable(key, 'The command is neither a text nor a list of words.');
    }
    for (const key of this.#values.malformed) if (/^(?:command|cmd|script)/i.test(key)) this.#addUnreadable(key, 'The command is neither a text nor a list of words.');
    return texts;
  }

  #shellKind(): ShellKind {
    if (this.#request.shell !== undefined) return this.#request.shell;
    const name = bareToolName(this.#request.tool).toLowerCase();
    return name === 'powershell' ? 'pwsh' : name === 'bash' ? 'bash' : this.#surroundings.shell;
  }

  #readCode(tool: Tool): void {
    const text = Object.values(this.#input).filter((value) => typeof value === 'string').join('\n');
    if (text !== '') this.#command = text.slice(0, longestCommand);
    this.#addUnreadable(tool.name);
  }

  #addUnreadable(target: string, uncertain?: string): void {
    this.#actions.push({ kind: 'exec', target, argv: [null], class: 'unreadable', readings: [], namedAt: Infinity, ...(uncertain === undefined ? {} : { uncertain }) });
  }

  #readGit(words: readonly string[]): void {
    const last = words.length - 1;
    const owner = this.#actions.push({ kind: 'exec', target: words.join(' '), argv: words, class: 'other', readings: [words], namedAt: last }) - 1;
    if (words[1] === 'push') this.#actions.push({ kind: 'export', target: 'git remote', provider: 'git', owner, namedAt: last });
  }

  #readFetch(tool: Tool): void {
    if (Object.keys(this.#input).some((key) => /^(?:http_?)?(?:method|verb|body|data|json|payload|headers?|form|files?)$/i.test(key))) return this.#readRequest();
    if (this.#readAddresses(true)) return;
    // Some fetch tools take a request in words with the address inside.
    const inText = this.#addressesInText();
    for (const address of inText) this.#actions.push(readAddress(address));
    if (inText.length === 0) this.#actions.push({ kind: 'fetch', target: tool.name, uncertain: 'The call names no address.' });
  }

  #addressesInText(): readonly string[] {
    return Object.values(this.#input).flatMap((value) => (typeof value === 'string' ? addressesIn(value) : []));
  }

  /** Adds what the addresses of the input reach. `all`: also texts that need not be addresses. Whether there was one */
  #readAddresses(all: boolean): boolean {
    let found = false;
    for (const { meaning, text } of this.#values.values) {
      const pathLike = meaning === 'path' || meaning === 'source' || meaning === 'dest';
      if (meaning !== 'url' && !(pathLike && isWebAddress(text))) continue;
      if (/^file:/i.test(text)) {
        found = true;
        this.#readPath(reading, text);
        continue;
      }
      const action = readAddress(text);
      if (!all && (action.host === undefined || (action.scheme === undefined && !action.host.includes('.')))) continue;
      found = true;
      this.#actions.push(action);
    }
    if (all) {
      for (const key of this.#values.malformed) if (/ur[il]s?$|endpoint|href|link/i.test(key)) {
        found = true;
        this.#actions.push({ kind: 'fetch', target: key, uncertain: 'The address is no text.' });
      }
    }
    return found;
  }

  #readRequest(): void {
    const named = this.#values.values.flatMap(({ meaning, text }) => (meaning === 'url' ? [text] : []));
    const addresses = named.length > 0 ? named : this.#addressesInText();
    for (const address of addresses) this.#actions.push(readHttpRequest(address, this.#input));
    if (addresses.length === 0) this.#actions.push({ ...readHttpRequest('', this.#input), target: 'http_request', uncertain: 'The call names no address.' });
    for (const value of this.#values.values) {
      const saved = value.meaning === 'dest' && /output|save/i.test(value.key) && value.key in this.#input;
      if (saved) this.#readPath(change, value.text);
    }
  }

  #readSearch(tool: Tool): void {
    const words = Object.entries(this.#input).filter(([key, value]) => typeof value === 'string' && !/^(?:mode|type|region|lang|language|freshness)$/i.test(key)).map(([, value]) => String(value)).join(' ');
    this.#actions.push({ ...readSearch(words), target: words === '' ? tool.name : words });
  }

  #readUpload(tool: Tool): void {
    this.#readPaths(tool.path, tool.path, tool.path);
    const sources = [...new Set(this.#actions.flatMap((action) => (action.kind === 'read' ? [action.path] : [])))];
    this.#readAddresses(false);
    for (const source of sources) this.#actions.push({ kind: 'export', target: tool.name, provider: tool.name, source });
    if (sources.length === 0) this.#actions.push({ kind: 'export', target: tool.name, provider: tool.name, uncertain: 'The call names no file.' });
  }

  #readPaths(path: PathUse | undefined, source: PathUse | undefined, dest: PathUse | undefined): void {
    // The keys of a file tool name paths; those of other tools may name much else.
    const sure = this.#tool?.deed === 'files' || this.#tool?.deed === 'upload';
    for (const value of this.#values.values) {
      if (this.#isFolder(value)) continue;
      const use = value.meaning === 'path' ? path : value.meaning === 'source' ? source : value.meaning === 'dest' ? dest : value.meaning === 'pattern' ? path : undefined;
      if (use === undefined || (isWebAddress(value.text) && !sure) || !(sure || value.meaning === 'pattern' || namesPath(value))) continue;
      this.#readPath(use, value.text, value.meaning === 'pattern');
    }
  }

  #readPath(use: PathUse, text: string, pattern = false): void {
    if (use.glob === true && climbsInPattern(text)) return this.#addUncertain(use, text, 'The pattern can lead anywhere.');
    const seen = new Set<string>();
    for (const base of this.#bases) {
      const where = pattern ? [base, ...this.#foldersOfPattern(base)] : [base];
      for (const folder of where) {
        const found = readPath(text, folder, this.#surroundings);
        const key = found.ok ? found.path : found.why;
        if (seen.has(key)) continue;
        seen.add(key);
        this.#addReading(use, text, found);
      }
    }
  }

  /** A path pattern starts at the folder the call names */
  #foldersOfPattern(base: string): readonly string[] {
    return this.#values.values.flatMap((value) => {
      const folder = value.meaning === 'path' ? readPath(value.text, base, this.#surroundings) : undefined;
      return folder?.ok === true ? [folder.path] : [];
    });
  }

  #addReading(use: PathUse, text: string, found: PathReading): void {
    if (!found.ok) return this.#addUncertain(use, text, found.why, found.guess);
    this.#addPath(use, text, found.path, found.throughLink);
    // A name that is a link counts as itself too: what guards `.vscode` guards it where it is a link.
    if (found.named !== undefined && isInside(found.named, this.#surroundings.workspace, this.#surroundings.platform)) {
      this.#addPath(use, text, found.named, true);
    }
  }

  #addPath(use: PathUse, asked: string, path: string, throughLink = false): void {
    const { workspace, home, platform } = this.#surroundings;
    const glob = use.glob === true && /[*?[{]/.test(path);
    for (const kind of this.#kindsFor(use, path)) {
      const top = path.replace(/\/[*?]+$/, '') || '/';
      const destructive = kind === 'delete' && use.recursive === true && (isInside(workspace, top, platform) || isInside(home, top, platform));
      this.#actions.push({
        kind, target: path, path,
        ...(asked === path ? {} : { asked }),
        ...(use.recursive === true || (glob && path.includes('**')) ? { recursive: true } : {}),
        ...(glob ? { glob: true } : {}),
        ...(throughLink ? { throughLink: true } : {}),
        ...(destructive ? { guardrail: { id: 'destructive_deletion', summary: 'It deletes the workspace folder, a home folder or all above them.' } } : {}),
      });
    }
  }

  /**
   * An MCP server's paths are often its own and not of this machine, so outside the workspace they count as reads, save where
   * a write would do the most harm: hidden files of the home, system folders.
   */
  #kindsFor(use: PathUse, path: string): PathUse['kinds'] {
    const { workspace, home, platform } = this.#surroundings;
    if (this.#mcp === undefined || isInside(path, workspace, platform)) return use.kinds;
    const hidden = isInside(path, home, platform) && /\/\./.test(path.slice(home.length));
    const system = ['/etc', '/usr', '/boot', '/dev', '/proc', '/sys', '/System', '/Library', 'C:/Windows'].some((folder) => isInside(path, folder, platform));
    return hidden || system ? use.kinds : reading.kinds;
  }

  #addUncertain(use: PathUse, text: string, why: string, guess?: string): void {
    const path = guess ?? this.#bases[0] ?? this.#surroundings.workspace;
    const hidden = text.includes('\0');
    for (const kind of this.#kindsFor(use, path)) {
      this.#actions.push({
        kind, target: text, path, uncertain: why,
        ...(use.recursive === true ? { recursive: true } : {}),
        ...(hidden ? { guardrail: { id: 'bad_path', summary: 'The path holds a NUL character, which hides what comes after it.' } } : {}),
      });
    }
  }

  /** What the caller says the call is can only add to what it was read as */
  #readApprovalType(name: string): void {
    const kind = kindsByApprovalType.get(this.#request.approvalType ?? '');
    if (kind === undefined || this.#actions.some((action) => action.kind === kind)) return;
    this.#actions.push({ kind: kind === 'delete' ? 'unknown' : kind, target: name });
  }
}

const kindsByApprovalType: ReadonlyMap<string, 'delete' | 'export' | 'locate' | 'external' | 'interact'> = new Map([
  ['delete_file', 'delete'], ['delete_multiple', 'delete'], ['data_export', 'export'], ['location_access', 'locate'], ['external_service', 'external'], ['computer_use', 'interact'],
]);

/** The machine as the request says it is: another platform's paths cannot be resolved on this one, so they are read by text alone */
function placed(request: Request, surroundings: Surroundings): Surroundings {
  const { platform = surroundings.platform, shell = surroundings.shell } = request;
  if (platform === surroundings.platform) return shell === surroundings.shell ? surroundings : { ...surroundings, shell };
  return { ...surroundings, platform, shell, files: { resolve: (path) => path, readText: () => undefined } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isReading(use: PathUse): boolean {
  return use.kinds.every((kind) => kind === 'read');
}

function isWebAddress(text: string): boolean {
  return /^(?:https?|ftp|wss?):/i.test(text);
}

/** Whether a value names a path for certain enough where the tool is not a file tool: by its key, or by looking like one */
function namesPath({ key, text }: InputValue): boolean {
  return /path|^(?:file|target_?file|notebook|dir|folder|cwd)/i.test(key) || /^[.~]|[/\\]/.test(text);
}

const reservedWords = /^(?:if|then|elif|else|fi|do|done|case|esac|while|until|for|in|function|select|time|coproc)$/;

/** A command line that says exactly these words */
function lineOf(words: readonly string[], shell: ShellKind): string {
  const quote = (word: string): string => (shell === 'pwsh' || shell === 'cmd' ? `'${word.replaceAll("'", "''")}'` : `'${word.replaceAll("'", String.raw`'\''`)}'`);
  return words.map((word, index) => {
    const plain = index === 0 ? /^[\w./:-]+$/.test(word) && !reservedWords.test(word) : /^[\w@%+=:,./-]+$/.test(word);
    return plain ? word : quote(word);
  }).join(' ');
}

/** A tool that was described as behaving like one of the catalogue; it keeps its own name for rules */
function likeTool(name: string, surroundings: Surroundings): Tool | undefined {
  const like = surroundings.likeTool?.(bareToolName(name));
  const known = like === undefined ? undefined : findTool(like);
  return known === undefined ? undefined : { ...known, name };
}
