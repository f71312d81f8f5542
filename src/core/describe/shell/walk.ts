import type { AndOr, Case, CommandNode, CompoundCommand, CompoundList, For, Function as FunctionNode, If, ParsedScript, Pipeline, PipelineNode, Redirected, Select, Statement, TestExpression, While, Word as Node } from 'unbash';
import { arithmetic, arithmeticText } from './arithmetic.ts';
import { assignedIn } from './assignedIn.ts';
import { commandOutput } from './constantOutput.ts';
import { callsItselfTwice, forkBomb } from './forkBomb.ts';
import type { Line } from './line.ts';
import { pipedNames } from './pipedNames.ts';
import { redirect } from './redirections.ts';
import { noStdin, type Scope, type Stdin } from './scope.ts';
import { readSimple } from './simpleCommand.ts';
import type { ShellState } from './state.ts';
import { unite } from './state.ts';
import { expandWhole, expandWords, visit } from './words.ts';

/** Loops over a known list are followed one by one up to this many turns */
const mostTurns = 16;

/** Reads every command of a script in order, adding its actions to the line */
export function walkScript(script: ParsedScript, scope: Scope): void {
  if ((script.errors !== undefined && script.errors.length > 0) || leavesOut(script, script.source ?? scope.source, scope.line)) scope.line.breaks('It does not parse.');
  for (const statement of script.commands) walkStatement(statement, scope);
}

/** Whether text stands between or after the statements that belongs to none: the parser gave up on it without a word */
function leavesOut(script: ParsedScript, source: string, line: Line): boolean {
  if (line.hasHereDocument(source)) return false;
  let from = script.pos;
  for (const { pos, end } of script.commands) {
    if (pos > from && !separators.test(source.slice(from, pos))) return true;
    from = end;
  }
  return from < script.end && !separators.test(source.slice(from, script.end));
}

const separators = /^(?:[\s;&]|\\\n|#[^\n]*(?:\n|$))*$/;

function walkList(list: CompoundList, scope: Scope): void {
  for (const statement of list.commands) walkStatement(statement, scope);
}

function walkStatement(statement: Statement, scope: Scope): void {
  const { command } = statement;
  scope.state.settle();
  if (statement.background === true) {
    const job = scope.with({ state: scope.state.fork(), forks: scope.forks + 1 });
    if (command.type === 'AndOr') walkAndOr(command, job);
    else walkPipeline(command, job);
    return;
  }
  if (command.type === 'AndOr') {
    walkAndOr(command, scope);
    return;
  }
  walkPipeline(command, scope);
}

/** `a && b || c`: each part sees the folders that the parts before it can lead to */
function walkAndOr(node: AndOr, scope: Scope): void {
  const { state } = scope;
  let skipped: ShellState | undefined;
  let failed: readonly string[] | null = [];
  node.commands.forEach((command, index) => {
    const operator = index === 0 ? undefined : node.operators[index - 1];
    if (operator === '||') {
      const exit = state.fork();
      exit.ifFailed = undefined;
      state.folders = state.ifFailed === undefined ? unite(state.folders, failed) : unite(state.ifFailed, failed);
      state.ifFailed = undefined;
      failed = [];
      walkPipeline(command, scope);
      if (neverReturns(command)) {
        copyInto(state, exit);
        return;
      }
      state.join(exit);
      return;
    }
    if (operator === '&&') {
      // every part joins all variables once more
      if (!scope.line.spend((state.variables?.size ?? 0) / 4)) return;
      failed = unite(failed, state.ifFailed ?? state.folders);
      state.ifFailed = undefined;
      if (skipped === undefined) skipped = state.fork();
      else skipped.join(state);
    }
    walkPipeline(command, scope);
  });
  const last = state.ifFailed;
  const reached = state.folders;
  state.ifFailed = undefined;
  if (skipped !== undefined) {
    skipped.folders = reached;
    skipped.ifFailed = undefined;
    state.join(skipped);
  }
  state.folders = reached;
  state.ifFailed = unite(failed, last ?? reached);
  if (node.operators.includes('||')) state.settle();
}

/** Puts the shell back into the state of the path that goes on */
function copyInto(state: ShellState, from: ShellState): void {
  Object.assign(state, from.fork());
}

/** Whether a command always ends the shell it runs in */
function neverReturns(node: PipelineNode): boolean {
  if (node.type === 'Command') return node.name !== undefined && node.name.value === 'exit';
  if (node.type !== 'BraceGroup') return false;
  const last = node.body.commands.at(-1);
  return last !== undefined && last.background !== true && last.command.type !== 'AndOr' && neverReturns(last.command);
}

function walkPipeline(node: PipelineNode, scope: Scope): void {
  if (node.type !== 'Pipeline') {
    walkCommand(node, scope);
  } else if (node.commands.length > 1) {
    walkPipes(node, scope);
  } else {
    for (const command of node.commands) walkCommand(command, scope);
    const { state } = scope;
    // `! cd x` succeeds where the move failed
    if (state.ifFailed !== undefined && node.prefixes.some((prefix) => prefix.type === 'Negation')) state.settle();
  }
}

/** Each command of a pipe is a subshell that is fed by the one before */
function walkPipes(node: Pipeline, scope: Scope): void {
  const { line } = scope;
  const before = line.downloads;
  let stdin: Stdin = scope.stdin;
  let text: string | undefined = '';
  node.commands.forEach((command, index) => {
    const state = scope.state.fork();
    walkCommand(command, scope.with({ state, stdin, forks: scope.forks + 1 }));
    text = text === undefined || (index === 0 && scope.stdin.text !== null && scope.stdin.kind !== 'none') ? undefined : commandOutput(command, text, scope);
    const names = pipedNames(command);
    stdin = { kind: 'pipe', text: text ?? null, download: scope.stdin.download || line.downloads > before, ...(names && { names }) };
    // zsh runs the last one in the shell itself
    if (line.zsh && index === node.commands.length - 1) scope.state.join(state);
  });
}

function walkCommand(node: CommandNode, scope: Scope): void {
  switch (node.type) {
    case 'Command':
      readSimple(node, scope);
      return;
    case 'Function':
      define(node, scope);
      return;
    case 'Coproc': {
      const inner = scope.with({ state: scope.state.fork(), stdin: { kind: 'pipe', text: null, download: false }, forks: scope.forks + 1 });
      if (node.name !== undefined) {
        if (node.name.parts !== undefined) visit(node.name, scope);
        // it is set to the descriptors of the job, and decides what later commands do like any other assignment
        scope.assign(node.name.value, { text: null, number: true }, node.name.text);
      }
      if (node.body.type === 'CompoundList') walkList(node.body, inner);
      else walkCommand(node.body, inner);
      return;
    }
    case 'Redirected':
      walkRedirected(node, scope);
      return;
    default:
      walkCompound(node, scope);
  }
}

function walkRedirected(node: Redirected, scope: Scope): void {
  let stdin = scope.stdin;
  for (const item of node.redirects) stdin = redirect(item, scope, undefined) ?? stdin;
  walkCompound(node.command, scope.with({ stdin }));
}

function walkCompound(node: CompoundCommand, scope: Scope): void {
  switch (node.type) {
    case 'Subshell':
      walkList(node.body, scope.sub(scope.stdin));
      return;
    case 'BraceGroup':
      walkList(node.body, scope);
      return;
    case 'If':
      walkIf(node, scope);
      return;
    case 'For':
    case 'Select':
      walkFor(node, scope);
      return;
    case 'While':
      walkWhile(node, scope);
      return;
    case 'ArithmeticFor': {
      if (node.initialize) arithmetic(node.initialize, scope);
      loopStart(node.body, scope, undefined);
      const skipped = scope.state.fork();
      if (node.test) arithmetic(node.test, scope);
      walkList(node.body, scope);
      if (node.update) arithmetic(node.update, scope);
      scope.state.join(skipped);
      return;
    }
    case 'Case':
      walkCase(node, scope);
      return;
    case 'TestCommand':
      walkTest(node.expression, scope);
      return;
    case 'ArithmeticCommand':
      if (node.expression === undefined) {
        if (node.body.trim() !== '') scope.hide('Arithmetic that cannot be read can run commands.', node.body);
      } else {
        arithmetic(node.expression, scope);
      }
  }
}

function walkIf(node: If, scope: Scope): void {
  const { state } = scope;
  const taken: ShellState[] = [];
  let current = scope;
  for (const branch of [node, ...node.elif]) {
    walkList(branch.clause, current);
    const failed = current.state.fork();
    const then = scope.with({ state: current.state.fork() });
    if (failed.ifFailed !== undefined) failed.folders = failed.ifFailed;
    failed.ifFailed = undefined;
    then.state.ifFailed = undefined;
    walkList(branch.then, then);
    taken.push(then.state);
    current = scope.with({ state: failed });
  }
  if (node.else) walkList(node.else, current);
  copyInto(state, current.state);
  for (const other of taken) state.join(other);
}

function walkFor(node: For | Select, scope: Scope): void {
  const { state, line } = scope;
  const name = node.name.value;
  const words = node.wordlist === undefined ? undefined : expandWords(node.wordlist, scope);
  const known = node.type === 'For' && words !== undefined && words.length <= mostTurns && words.every((word) => word.text !== null);
  if (!known) {
    loopStart(node.body, scope, name);
    const skipped = state.fork();
    scope.assign(name, { text: null }, name);
    walkList(node.body, scope);
    state.join(skipped);
    return;
  }
  const skipped = state.fork();
  const distinct = new Set<string>();
  const leaves = hasJump(node.body);
  for (const word of words) {
    const value = word.text ?? '';
    if (distinct.has(value) && !leaves) continue;
    distinct.add(value);
    if (!line.spend(2)) break;
    const before = leaves ? state.fork() : undefined;
    scope.assign(name, { text: value, glob: word.glob }, `${name}=${value}`);
    walkList(node.body, scope);
    if (before !== undefined) state.join(before);
  }
  if (words.length === 0 || words.some((word) => word.glob)) state.join(skipped);
  // a pattern may name several files, so the body may run more than once with what it changed
  if (words.some((word) => word.glob)) loopStart(node.body, scope, name);
}

function hasJump(list: CompoundList): boolean {
  return list.commands.some(({ command }) => command.type !== 'Command' || /^(?:break|continue)$/.test(command.name?.value ?? ''));
}

function walkWhile(node: While, scope: Scope): void {
  loopStart(node.body, scope, undefined);
  loopStart(node.clause, scope, undefined);
  const { state } = scope;
  walkList(node.clause, scope);
  const skipped = state.fork();
  walkList(node.body, scope);
  state.join(skipped);
}

/** Before a loop of unknown turns: what its body changes is unknown from the first turn on */
function loopStart(body: CompoundList, scope: Scope, variable: string | undefined): void {
  const { state, line } = scope;
  const changed = assignedIn(body, state, line);
  if (changed.all) state.forgetVariables();
  for (const [name, number] of changed.names) state.set(name, number ? { text: null, number } : { text: null });
  if (variable !== undefined) state.set(variable, { text: null });
  if (changed.folder || changed.all) {
    state.folders = null;
    state.before = null;
  }
}

function walkCase(node: Case, scope: Scope): void {
  const { state } = scope;
  expandWhole(node.word, scope);
  const ends: ShellState[] = [state.fork()];
  let through: ShellState | undefined;
  for (const item of node.items) {
    for (const pattern of item.pattern) expandWhole(pattern, scope);
    const arm = scope.with({ state: state.fork() });
    if (through !== undefined) arm.state.join(through);
    walkList(item.body, arm);
    through = item.terminator === ';;' || item.terminator === undefined ? undefined : arm.state;
    ends.push(arm.state);
  }
  for (const end of ends) state.join(end);
}

const arithmeticTests = new Set(['-eq', '-ne', '-lt', '-le', '-gt', '-ge']);

function walkTest(expression: TestExpression, scope: Scope): void {
  switch (expression.type) {
    case 'TestUnary':
      if (expression.operator === '-v' || expression.operator === '-R') arithmeticText(expression.operand, scope);
      else testOperand(expression.operand, scope);
      return;
    case 'TestBinary':
      if (arithmeticTests.has(expression.operator)) {
        arithmeticText(expression.left, scope);
        arithmeticText(expression.right, scope);
      } else {
        testOperand(expression.left, scope);
        testOperand(expression.right, scope);
      }
      return;
    case 'TestLogical':
      for (const operand of expression.operands) walkTest(operand, scope);
      return;
    case 'TestNot':
      walkTest(expression.operand, scope);
      return;
    case 'TestGroup':
      walkTest(expression.expression, scope);
  }
}

function testOperand(word: Node, scope: Scope): void {
  if (word.parts !== undefined) expandWhole(word, scope);
}

function define(node: FunctionNode, scope: Scope): void {
  const name = expandWhole(node.name, scope).text;
  if (name === null) {
    scope.hide('The name of the function is only known when it runs.', node.name.text);
    scope.state.redefine('*');
    return;
  }
  const multiplies = callsItselfTwice(node, name, scope.line);
  scope.state.define(name, { node, source: scope.source, multiplies });
  const later = scope.state.fork();
  later.forgetVariables();
  const body = scope.with({ state: later, stdin: noStdin });
  scope.line.defines(node, () => {
    if (multiplies) body.line.add({ kind: 'exec', target: name, argv: [name], class: 'unreadable', namedAt: Infinity, readings: [[name]], guardrail: forkBomb });
    walkFunctionBody(node, body);
  });
}

/** Runs the body of a function as it stands in the tree */
export function walkFunctionBody(node: FunctionNode, scope: Scope): void {
  if (node.body.type === 'CompoundList') walkList(node.body, scope);
  else walkCommand(node.body, scope);
}
