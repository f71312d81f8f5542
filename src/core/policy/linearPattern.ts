/**
 * Regular expressions that cannot hang: a pattern is turned into a small program that walks all alternatives side by side
 * (Thompson, Pike), so a test costs at most length of the text × length of the program, whatever both are.
 *
 * Understood: literals, `.`, `[…]`, `\d \w \s \b` and their opposites, `\x41 \u0041`, `^ $`, groups, `|`, `* + ? {n,m}` and
 * their lazy forms. Refused with a reason: back references and look-around, which no such walk can answer.
 */

type Step =
  | { readonly op: 'char'; readonly test: (code: number) => boolean }
  | { readonly op: 'split'; readonly first: number; readonly second: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'assert'; readonly what: 'start' | 'end' | 'word' | 'notWord' }
  | { readonly op: 'match' };

type Node =
  | { readonly kind: 'char'; readonly test: (code: number) => boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'repeat'; readonly part: Node; readonly least: number; readonly most: number }
  | { readonly kind: 'assert'; readonly what: 'start' | 'end' | 'word' | 'notWord' };

/** A compiled pattern */
export interface LinearPattern {
  readonly steps: readonly Step[];
}

/** Why a pattern was refused, one plain sentence */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** Counts steps of work, so that many patterns on a long text stay bounded together */
export interface Budget {
  left: number;
}

/** Longest program: counted repeats are written out, so that `(a{50}){50}` is refused, not run */
const longestProgram = 2000;

/** Compiles a pattern that ignores case; throws `PatternError` */
export function compileLinear(source: string): LinearPattern {
  const steps: Step[] = [];
  emit(new Reader(source).read(), steps);
  push(steps, { op: 'match' });
  return { steps };
}

/** Whether the pattern is found anywhere in the text; `undefined` when the budget ran out first */
export function findLinear(pattern: LinearPattern, text: string, budget: Budget): boolean | undefined {
  const { steps } = pattern;
  const folded = text.toLowerCase().length === text.length ? text.toLowerCase() : text;
  let current: number[] = [];
  const seen = new Int32Array(steps.length).fill(-1);
  for (let at = 0; at <= folded.length; at++) {
    // Every position may start a match
    if (add(0, at)) return true;
    const now = current;
    current = [];
    budget.left -= now.length + 1;
    if (budget.left < 0) return undefined;
    if (at === folded.length) break;
    const code = folded.charCodeAt(at);
    for (const index of now) {
      const step = steps[index];
      if (step?.op === 'char' && step.test(code) && add(index + 1, at + 1)) return true;
    }
  }
  return false;

  /** Follows everything that reads no character; true when the end of the pattern is reached */
  function add(from: number, position: number): boolean {
    const open = [from];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (seen[index] === position) continue;
      seen[index] = position;
      budget.left--;
      const step = steps[index];
      if (step === undefined) continue;
      if (step.op === 'match') return true;
      if (step.op === 'char') current.push(index);
      else if (step.op === 'jump') open.push(step.to);
      else if (step.op === 'split') open.push(step.second, step.first);
      else if (holds(step.what, folded, position)) open.push(index + 1);
    }
    return false;
  }
}

function holds(what: 'start' | 'end' | 'word' | 'notWord', text: string, at: number): boolean {
  if (what === 'start') return at === 0;
  if (what === 'end') return at === text.length;
  const boundary = (at > 0 && isWord(text.charCodeAt(at - 1))) !== (at < text.length && isWord(text.charCodeAt(at)));
  return what === 'word' ? boundary : !boundary;
}

function push(steps: Step[], step: Step): void {
  if (steps.length >= longestProgram) throw new PatternError('The pattern repeats too much; use smaller counts.');
  steps.push(step);
}

function emit(node: Node, steps: Step[]): void {
  switch (node.kind) {
    case 'char':
      return push(steps, { op: 'char', test: node.test });
    case 'assert':
      return push(steps, { op: 'assert', what: node.what });
    case 'sequence':
      for (const part of node.parts) emit(part, steps);
      return;
    case 'choice': {
      const jumps: number[] = [];
      node.options.forEach((option, index) => {
        if (index === node.options.length - 1) return emit(option, steps);
        const split = steps.length;
        push(steps, { op: 'jump', to: 0 });
        emit(option, steps);
        jumps.push(steps.length);
        push(steps, { op: 'jump', to: 0 });
        steps[split] = { op: 'split', first: split + 1, second: steps.length };
      });
      for (const jump of jumps) steps[jump] = { op: 'jump', to: steps.length };
      return;
    }
    case 'repeat': {
      for (let count = 0; count < node.least; count++) emit(node.part, steps);
      if (node.most === Infinity) {
        const split = steps.length;
        push(steps, { op: 'jump', to: 0 });
        emit(node.part, steps);
        push(steps, { op: 'jump', to: split });
        steps[split] = { op: 'split', first: split + 1, second: steps.length };
        return;
      }
      const splits: number[] = [];
      for (let count = node.least; count < node.most; count++) {
        splits.push(steps.length);
        push(steps, { op: 'jump', to: 0 });
        emit(node.part, steps);
      }
      for (const split of splits) steps[split] = { op: 'split', first: split + 1, second: steps.length };
    }
  }
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isWord = (code: number): boolean => isDigit(code) || (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
const isBlank = (code: number): boolean => /\s/.test(String.fromCharCode(code));
const isLineEnd = (code: number): boolean => code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029;

function classOf(letter: string): ((code: number) => boolean) | undefined {
  switch (letter) {
    case 'd': return isDigit;
    case 'D': return (code) => !isDigit(code);
    case 'w': return isWord;
    case 'W': return (code) => !isWord(code);
    case 's': return isBlank;
    case 'S': return (code) => !isBlank(code);
    default: return undefined;
  }
}

const controls: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, f: 0x0c, v: 0x0b, 0: 0 };

function sameLetter(character: string): (code: number) => boolean {
  const wanted = character.toLowerCase().charCodeAt(0);
  return (code) => code === wanted;
}

class Reader {
  #at = 0;
  #depth = 0;
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  read(): Node {
    const node = this.#choice();
    if (this.#at < this.#source.length) throw new PatternError('The pattern has a “)” without its “(”.');
    return node;
  }

  #choice(): Node {
    if (++this.#depth > 50) throw new PatternError('The pattern nests too deep.');
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    this.#depth--;
    return options.length === 1 ? (options[0] ?? { kind: 'sequence', parts: [] }) : { kind: 'choice', options };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#source.length && this.#next() !== '|' && this.#next() !== ')') parts.push(this.#repeated(this.#atom()));
    return { kind: 'sequence', parts };
  }

  #repeated(part: Node): Node {
    const counts = this.#counts();
    if (counts === undefined) return part;
    this.#take('?');
    if (part.kind === 'assert') throw new PatternError('The pattern repeats an anchor.');
    if (this.#counts() !== undefined) throw new PatternError('The pattern repeats a repetition.');
    return { kind: 'repeat', part, least: counts[0], most: counts[1] };
  }

  #counts(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Infinity];
    if (this.#take('+')) return [1, Infinity];
    if (this.#take('?')) return [0, 1];
    const braces = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#source.slice(this.#at, this.#at + 12));
    if (braces === null) return undefined;
    this.#at += braces[0].length;
    const least = Number(braces[1]);
    const most = braces[2] === undefined ? least : braces[3] === '' ? Infinity : Number(braces[3]);
    if (most < least) throw new PatternError('The pattern has a count whose end is below its start.');
    return [least, most];
  }

  #atom(): Node {
    const character = this.#next();
    this.#at++;
    switch (character) {
      case '(': return this.#group();
      case '[': return { kind: 'char', test: this.#set() };
      case '.': return { kind: 'char', test: (code) => !isLineEnd(code) };
      case '^': return { kind: 'assert', what: 'start' };
      case '$': return { kind: 'assert', what: 'end' };
      case '\\': return this.#escape();
      case '*':
      case '+':
      case '?': throw new PatternError(`The pattern has a “${character}” with nothing before it to repeat.`);
      default: return { kind: 'char', test: sameLetter(character) };
    }
  }

  #group(): Node {
    if (this.#take('?')) {
      if (!this.#take(':')) {
        const name = /^<[A-Za-z_]\w*>/.exec(this.#source.slice(this.#at, this.#at + 80));
        if (name === null) throw new PatternError('The pattern looks ahead or behind, which cannot be tested in bounded time.');
        this.#at += name[0].length;
      }
    }
    const inner = this.#choice();
    if (!this.#take(')')) throw new PatternError('The pattern has a “(” without its “)”.');
    return inner;
  }

  #escape(): Node {
    const letter = this.#next();
    if (letter === '') throw new PatternError('The pattern ends in a lone backslash.');
    if (letter === 'b' || letter === 'B') {
      this.#at++;
      return { kind: 'assert', what: letter === 'b' ? 'word' : 'notWord' };
    }
    if (/[1-9k]/.test(letter)) throw new PatternError('The pattern refers back to a group, which cannot be tested in bounded time.');
    if (/[pP]/.test(letter)) throw new PatternError('The pattern uses Unicode properties, which are not supported here.');
    const known = classOf(letter);
    if (known !== undefined) {
      this.#at++;
      return { kind: 'char', test: known };
    }
    return { kind: 'char', test: sameLetter(String.fromCharCode(this.#escapedCode())) };
  }

  /** The character after a backslash */
  #escapedCode(): number {
    const hex = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/i.exec(this.#source.slice(this.#at, this.#at + 5));
    if (hex !== null) {
      this.#at += hex[0].length;
      return Number.parseInt(hex[1] ?? hex[2] ?? '0', 16);
    }
    const letter = this.#next();
    this.#at++;
    return controls[letter] ?? letter.charCodeAt(0);
  }

  #set(): (code: number) => boolean {
    const negated = this.#take('^');
    const singles = new Set<number>();
    const ranges: [number, number][] = [];
    const classes: ((code: number) => boolean)[] = [];
    while (!this.#take(']')) {
      if (this.#at >= this.#source.length) throw new PatternError('The pattern has a “[” without its “]”.');
      const from = this.#setPart(classes);
      if (from === undefined) continue;
      if (this.#next() === '-' && this.#source.charAt(this.#at + 1) !== ']' && this.#at + 1 < this.#source.length) {
        this.#at++;
        const to = this.#setPart(classes);
        if (to === undefined || to < from) throw new PatternError('The pattern has a range in “[…]” that cannot be read.');
        ranges.push([from, to]);
      } else {
        singles.add(from);
      }
    }
    const has = (code: number): boolean => singles.has(code) || ranges.some(([from, to]) => code >= from && code <= to) || classes.some((test) => test(code));
    return (code) => {
      const letter = String.fromCharCode(code);
      const upper = letter.toUpperCase();
      const lower = letter.toLowerCase();
      return (has(code) || (upper.length === 1 && has(upper.charCodeAt(0))) || (lower.length === 1 && has(lower.charCodeAt(0)))) !== negated;
    };
  }

  #setPart(classes: ((code: number) => boolean)[]): number | undefined {
    const character = this.#next();
    this.#at++;
    if (character !== '\\') return character.charCodeAt(0);
    const letter = this.#next();
    if (letter === '') throw new PatternError('The pattern has a “[” without its “]”.');
    const known = classOf(letter);
    if (known !== undefined) {
      this.#at++;
      classes.push(known);
      return undefined;
    }
    if (letter === 'b') {
      this.#at++;
      return 0x08;
    }
    return this.#escapedCode();
  }

  #next(): string {
    return this.#source.charAt(this.#at);
  }

  #take(character: string): boolean {
    if (this.#next() !== character) return false;
    this.#at++;
    return true;
  }
}
