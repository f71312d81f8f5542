/**
 * Values under patterns with `*` and `?`, found by the literal start of the pattern, else by its literal end: looking up costs
 * one map access per distinct length of such a start or end, not per pattern. Patterns with neither are few and gone through.
 */
export class WildcardMap<Value> {
  readonly #starts = new LengthMap<Value>();
  readonly #ends = new LengthMap<Value>();
  readonly #loose: Value[] = [];
  readonly #all: Value[] = [];

  add(pattern: string, value: Value): void {
    const { start, end } = literalEnds(pattern);
    this.#all.push(value);
    if (start !== '') this.#starts.add(start, value);
    else if (end !== '') this.#ends.add(end, value);
    else this.#loose.push(value);
  }

  /** Values added under this pattern, among others with the same literal start or end */
  under(pattern: string): readonly Value[] {
    const { start, end } = literalEnds(pattern);
    return (start !== '' ? this.#starts.get(start) : end !== '' ? this.#ends.get(end) : this.#loose) ?? [];
  }

  all(): readonly Value[] {
    return this.#all;
  }

  /** Calls `found` with each value whose pattern may match the text; the caller tests the whole pattern */
  forEach(text: string, found: (value: Value) => void): void {
    this.#starts.forEach((length) => text.slice(0, length), text.length, found);
    this.#ends.forEach((length) => text.slice(text.length - length), text.length, found);
    for (const value of this.#loose) found(value);
  }
}

function literalEnds(pattern: string): { readonly start: string; readonly end: string } {
  const first = pattern.search(/[*?]/);
  return {
    start: first < 0 ? pattern : pattern.slice(0, first),
    end: pattern.slice(Math.max(pattern.lastIndexOf('*'), pattern.lastIndexOf('?')) + 1),
  };
}

class LengthMap<Value> {
  readonly #values = new Map<string, Value[]>();
  readonly #lengths: number[] = [];

  add(key: string, value: Value): void {
    const known = this.#values.get(key);
    if (known !== undefined) {
      known.push(value);
      return;
    }
    this.#values.set(key, [value]);
    if (!this.#lengths.includes(key.length)) this.#lengths.push(key.length);
  }

  get(key: string): readonly Value[] | undefined {
    return this.#values.get(key);
  }

  forEach(part: (length: number) => string, longest: number, found: (value: Value) => void): void {
    for (const length of this.#lengths) {
      if (length > longest) continue;
      const values = this.#values.get(part(length));
      if (values !== undefined) for (const value of values) found(value);
    }
  }
}
