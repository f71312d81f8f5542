import type { SyntaxNode } from '../../surroundings.ts';
import type { Word } from './command.ts';
import { isSecretVariable } from './environment.ts';
import { readWords } from './powerShell.ts';
import type { Scope } from './scope.ts';

/** Nodes that do nothing themselves: what is in them is read */
const holders: ReadonlySet<string> = new Set([
  'program', 'statement_list', 'pipeline', 'pipeline_chain_tail', 'empty_statement', 'statement_block', 'script_block', 'script_block_body', 'script_block_expression', 'parenthesized_expression', 'sub_expression', 'array_expression',
  'if_statement', 'elseif_clauses', 'elseif_clause', 'else_clause', 'while_statement', 'while_condition', 'do_statement', 'for_statement', 'for_initializer', 'for_condition', 'for_iterator', 'foreach_statement', 'try_statement', 'catch_clauses', 'catch_clause', 'finally_clause', 'flow_control_statement',
  'logical_expression', 'bitwise_expression', 'comparison_expression', 'additive_expression', 'multiplicative_expression', 'format_expression', 'range_expression', 'array_literal_expression', 'unary_expression', 'expression_with_unary_operator', 'comparison_operator', 'assignement_operator',
  'string_literal', 'expandable_string_literal', 'verbatim_string_characters', 'integer_literal', 'decimal_integer_literal', 'hexadecimal_integer_literal', 'real_literal', 'left_assignment_expression', 'command_argument_sep', 'hash_literal_expression', 'hash_literal_body', 'hash_entry', 'key_expression', 'simple_name',
]);

/** Properties of strings, files and lists that only say something */
const plainMembers = /^(?:Length|Count|Name|FullName|Extension|BaseName|DirectoryName|LastWriteTime|Id|Path|Line|LineNumber|Value|Key|Keys|Values)$/i;
/** Variables of the language that are no one's to run */
const plainVariable = /^\$(?:(?:global|script|local|private):)?\w+$|^\$env:\w+$|^\$[_?]$/i;
/** Text that PowerShell and the grammar may cut differently: comments, escapes, quotes and dashes of other scripts, controls */
const disputed = /[`#\u2018-\u201f\u2013-\u2015]|[^\x20-\x7e\n\r\t\u00a1-\uffff]|@['"]|--%/;
/** Words of the language that the grammar takes for commands in some places */
const keyword = /^(?:if|elseif|else|switch|for|foreach|while|do|until|return|throw|exit|break|continue|function|filter|workflow|using|data|param|begin|process|end|dynamicparam|try|catch|finally|trap|class|enum|in|parallel|sequence|inlinescript|hidden|static|clean)$/i;
const mostNodes = 4_000;

/**
 * Reads a PowerShell line by its syntax tree. Every command is found wherever it stands; what is no command and not known
 * to do nothing makes the line unreadable. False where there is no tree to go by.
 */
export function readByTree(text: string, scope: Scope): boolean {
  if (disputed.test(text)) return false;
  const quoted = /['"]/.test(text);
  const root = scope.line.surroundings.powerShell?.(quoted ? text : text.replace(/[12*]?>\s*\$null|2>&1/g, ' '));
  if (root === undefined) return false;
  new Walk(scope).read(root);
  return true;
}

class Walk {
  readonly #scope: Scope;
  #left = mostNodes;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  read(node: SyntaxNode): void {
    this.#left -= 1;
    if (this.#left < 0) return this.#scope.line.breaks('It unfolds into too many commands to read.');
    switch (node.type) {
      case 'pipeline_chain':
        return this.#readPipe(node);
      case 'command':
        return this.#readCommand(node, false);
      case 'assignment_expression':
        return this.#readAssignment(node);
      case 'variable':
        if (!plainVariable.test(node.text)) this.#scope.line.breaks('It uses a variable in a way that is not read.');
        else if (isSecretVariable(/^\$env:(\w+)$/i.exec(node.text)?.[1] ?? '')) this.#scope.line.breaks('It shows a variable that looks like a secret.');
        return;
      case 'member_access':
        if (!node.children.some((child) => child.type === 'member_name' && plainMembers.test(child.text))) this.#scope.line.breaks('It asks an object for something, which can run code.');
        return this.#readAll(node.children.filter((child) => child.type !== 'member_name'));
      case 'invokation_expression':
        this.#scope.line.breaks('It calls a method, which is not read.');
        if (/Download|OpenRead|GetStringAsync|GetByteArrayAsync/i.test(node.text)) this.#scope.line.downloads += 1;
        return this.#readAll(node.children);
      default:
        if (!holders.has(node.type)) this.#scope.line.breaks(`It holds PowerShell that is not read (${node.type.replaceAll('_', ' ')}).`);
        return this.#readAll(node.children);
    }
  }

  #readAll(nodes: readonly SyntaxNode[]): void {
    for (const node of nodes) this.read(node);
  }

  /** Commands joined by `|`: what comes from the network may be run by a later one */
  #readPipe(node: SyntaxNode): void {
    const before = this.#scope.line.downloads;
    for (const child of node.children) {
      if (child.type === 'command') this.#readCommand(child, this.#scope.line.downloads > before);
      else this.read(child);
    }
  }

  /** A variable of its own is harmless; one of the environment or of the shell decides what later commands do */
  #readAssignment(node: SyntaxNode): void {
    const [left, ...rest] = node.children;
    const name = left?.text ?? '';
    if (!/^\$(?:(?:script|local|private):)?\w+$/.test(name) || /^\$(?:PS\w*|ExecutionContext|Profile|OutputEncoding|ErrorView|Host|Input|Args)$/i.test(name)) {
      this.#scope.line.breaks('It sets something that changes what later commands do.');
    }
    this.#readAll(rest);
  }

  #readCommand(node: SyntaxNode, fed: boolean): void {
    const { line } = this.#scope;
    const downloads = line.downloads;
    const operator = node.children.find((child) => child.type === 'command_invokation_operator')?.text;
    const named = node.children.find((child) => /^(?:command_name|command_name_expr|foreach_command)$/.test(child.type));
    const block = named?.type === 'command_name_expr' ? named.children.find((child) => child.type === 'script_block_expression') : undefined;
    if (operator === '&' && block !== undefined && !node.children.some((child) => child.type === 'command_elements')) return this.read(block);
    if (operator === '.') line.breaks('It runs a script in this shell.');
    const name = named === undefined ? null : this.#nameOf(named);
    const words: Word[] = [{ text: name, raw: name ?? named?.text ?? '', glob: false, quoted: false }];
    const redirected: { text: string | null; reads: boolean }[] = [];
    const elements = named?.type === 'foreach_command' ? named.children : node.children.filter((child) => child.type === 'command_elements');
    let blocks = 0;
    for (const element of elements.flatMap((one) => (one.type === 'command_elements' ? one.children : [one]))) {
      if (element.type === 'command_argument_sep') continue;
      if (element.type === 'redirection') {
        this.#readRedirection(element, redirected);
        continue;
      }
      if (only(element).type === 'script_block_expression') blocks += 1;
      words.push(this.#word(element));
    }
    if (name !== null && keyword.test(name)) line.breaks('It holds a word of the language where a command stands.');
    if (name === null) {
      line.breaks('Which command runs is only known when it runs.');
      return;
    }
    readWords(words, node.text, redirected, this.#scope, { fed, downloads, onlyBlocks: blocks > 0 && blocks === words.length - 1 });
  }

  #nameOf(named: SyntaxNode): string | null {
    if (named.type === 'foreach_command') return 'ForEach-Object';
    const inner = named.type === 'command_name_expr' ? named.children[0] : named;
    if (inner === undefined) return null;
    const text = inner.type === 'command_name' ? inner.text : this.#literal(inner);
    return text !== null && /^[\w.\\/:+ -]+$|^[%?]$/.test(text) ? text : null;
  }

  #word(node: SyntaxNode): Word {
    const raw = node.text;
    const inner = only(node);
    if (node.type === 'command_parameter') return { text: raw.replace(/:$/, ''), raw, glob: false, quoted: false };
    const text = this.#literal(inner);
    return { text, raw, glob: inner.type === 'generic_token' && /[*?[]/.test(raw), quoted: inner.type === 'string_literal' };
  }

  /** Text of a literal; null for what is only known when it runs, with the commands in it read */
  #literal(node: SyntaxNode): string | null {
    switch (node.type) {
      case 'generic_token':
        if (/^[^\s'"$(){}|;&<>@[\]]+$/.test(node.text)) return node.text;
        this.#scope.line.breaks('A word is written in a way that is not read.');
        return null;
      case 'integer_literal':
      case 'real_literal':
        return node.text;
      case 'string_literal': {
        const { text } = node;
        if (/^'[^']*'$/.test(text)) return text.slice(1, -1);
        const known = this.#known(text);
        if (/^"[^"$]*"$/.test(known)) return known.slice(1, -1);
        break;
      }
      case 'variable':
        if (/^\$(?:true|false|null)$/i.test(node.text)) return node.text;
        if (node.text.startsWith('$') && !this.#known(node.text).includes('$')) return this.#known(node.text);
        break;
      default:
    }
    this.read(node);
    return null;
  }

  /** The variables of folders that cannot be set, or only by what makes the line unreadable, put in */
  #known(text: string): string {
    const { home, temporary } = this.#scope.line.surroundings;
    return text.replace(/\$(?:HOME|env:HOME|env:USERPROFILE)(?![\w:])/gi, () => home).replace(/\$env:(?:TEMP|TMP|TMPDIR)(?![\w:])/gi, () => temporary);
  }

  #readRedirection(node: SyntaxNode, into: { text: string | null; reads: boolean }[]): void {
    for (const child of node.children) {
      if (child.type !== 'redirected_file_name') continue;
      const target = child.children.find((one) => one.type !== 'command_argument_sep');
      if (target === undefined) into.push({ text: null, reads: false });
      else if (!/^\$null$/i.test(target.text)) into.push({ text: this.#literal(only(target)), reads: false });
    }
  }
}

/** The one node that a chain of nodes comes to */
function only(node: SyntaxNode): SyntaxNode {
  let at = node;
  while (at.children.length === 1 && /^(?:array_literal|unary|logical|bitwise|comparison|additive|multiplicative|format|range)_expression$/.test(at.type)) at = at.children[0] ?? at;
  return at;
}
