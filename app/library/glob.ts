/**
 * Whether a whole name or path, `/` between its parts, matches; with `orFolder` also whether one of the folders does that the path
 * leads through, in the same time.
 */
export type Matcher = (text: string, orFolder?: boolean) => boolean;

/** A glob that cannot be read: half a pair of brackets. */
export class GlobError extends Error {
  override readonly name = 'GlobError';
}

type Test = (char: string) => boolean;

type Range = readonly [low: string, high: string];

type Node =
  | { readonly kind: 'one'; readonly test: Test }
  /** Any number of characters, none included. */
  | { readonly kind: 'many'; readonly test: Test }
  | { readonly kind: 'choice'; readonly branches: readonly (readonly Node[])[] };

const anything: Test = () => true;
const withinName: Test = (char) => char !== '/';
const slash: Node = { kind: 'one', test: (char) => char === '/' };
/** `**` between slashes: any number of folders, none included; it takes the slash behind it along. */
const folders: Node = { kind: 'choice', branches: [[], [{ kind: 'many', test: anything }, slash]] };
/** `/**` at the end: the folder itself, and everything in it. */
const folderAndContent: Node = { kind: 'choice', branches: [[], [slash, { kind: 'many', test: anything }]] };

const codeOf = (char: string): number => char.codePointAt(0) ?? 0;

/** What in a class makes it more than a list of plain characters. */
const NOT_PLAIN = /[-*+?.^${}(|)[\]\\]/u;

const literal = (char: string, ignoreCase: boolean): Node => {
  if (!ignoreCase) return { kind: 'one', test: (other) => other === char };
  const folded = char.toLowerCase();
  return { kind: 'one', test: (other) => other.toLowerCase() === folded };
};

/** Reads a glob from left to right, once. */
class Reader {
  readonly #chars: readonly string[];
  readonly #ignoreCase: boolean;
  #at = 0;

  constructor(glob: string, ignoreCase: boolean) {
    this.#chars = Array.from(glob);
    this.#ignoreCase = ignoreCase;
  }

  read(): readonly Node[] {
    return this.#sequence(0);
  }

  /** Up to the end, or within braces up to the comma or brace that ends the alternative. */
  #sequence(depth: number): readonly Node[] {
    const nodes: Node[] = [];
    const start = this.#at;
    for (; this.#at < this.#chars.length; this.#at++) {
      const char = this.#chars[this.#at] ?? '';
      if (depth > 0 && (char === ',' || char === '}')) break;
      if (char === '*') nodes.push(this.#stars(start, depth > 0));
      else if (char === '/' && this.#isLastGlobstar(depth > 0)) nodes.push(folderAndContent);
      else if (char === '?') nodes.push({ kind: 'one', test: withinName });
      else if (char === '[') nodes.push(this.#class());
      else if (char === ']') throw new GlobError('There is no “[” for a “]”.');
      else if (char === '{') nodes.push(...this.#braces(depth));
      else if (char === '\\' && this.#at + 1 < this.#chars.length) nodes.push(this.#literal(++this.#at));
      else nodes.push(this.#literal(this.#at));
    }
    return nodes;
  }

  #literal(at: number): Node {
    return literal(this.#chars[at] ?? '', this.#ignoreCase);
  }

  #isEnd(at: number, inBraces: boolean): boolean {
    const char = this.#chars[at];
    return char === undefined || (inBraces && (char === ',' || char === '}'));
  }

  #endOfStars(from: number): number {
    let end = from;
    while (this.#chars[end] === '*') end++;
    return end;
  }

  /** Two stars or more that are a whole part of the path match across slashes; all others within one name. */
  #stars(start: number, inBraces: boolean): Node {
    const from = this.#at;
    const end = this.#endOfStars(from);
    const isWhole = end - from > 1 && (from === start || this.#chars[from - 1] === '/');
    this.#at = end - 1;
    if (isWhole && this.#chars[end] === '/') {
      this.#at = end;
      return folders;
    }
    return { kind: 'many', test: isWhole && this.#isEnd(end, inBraces) ? anything : withinName };
  }

  /** Whether what follows the slash is `**` and then nothing, and no star is in front; if so, it is read. */
  #isLastGlobstar(inBraces: boolean): boolean {
    // `IMG*/**` is about what lies in such folders: files that are called so are not meant.
    if (this.#chars[this.#at - 1] === '*') return false;
    const end = this.#endOfStars(this.#at + 1);
    if (end - this.#at < 3 || !this.#isEnd(end, inBraces)) return false;
    this.#at = end - 1;
    return true;
  }

  /** `[abc]`, `[a-z]`, `[!a]` or `[^a]`: one character of a name. A list of plain ones is also the name that it is written as. */
  #class(): Node {
    const from = ++this.#at;
    const isNegated = this.#chars[from] === '!' || this.#chars[from] === '^';
    if (isNegated) this.#at++;
    const ranges: Range[] = [];
    for (const first = this.#at; this.#chars[this.#at] !== ']' || this.#at === first; this.#at++) {
      const low = this.#charOfClass();
      const isRange = this.#chars[this.#at + 1] === '-' && ![']', undefined].includes(this.#chars[this.#at + 2]);
      if (isRange) this.#at += 2;
      ranges.push([low, isRange ? this.#charOfClass() : low]);
    }
    const isListed = this.#within(ranges);
    const one: Node = { kind: 'one', test: (char) => char !== '/' && isListed(char) !== isNegated };
    const content = this.#chars.slice(from, this.#at);
    if (NOT_PLAIN.test(content.join(''))) return one;
    const written = ['[', ...content, ']'].map((char) => literal(char, this.#ignoreCase));
    return { kind: 'choice', branches: [[one], written] };
  }

  #within(ranges: readonly Range[]): Test {
    const codes = ranges.map((range) => range.map(codeOf));
    const isListed: Test = (char) => codes.some(([low = 0, high = 0]) => low <= codeOf(char) && codeOf(char) <= high);
    if (!this.#ignoreCase) return isListed;
    return (char) => isListed(char) || isListed(char.toLowerCase()) || isListed(char.toUpperCase());
  }

  #charOfClass(): string {
    if (this.#chars[this.#at] === '\\') this.#at++;
    const char = this.#chars[this.#at];
    if (char === undefined) throw new GlobError('There is no “]” for a “[”.');
    return char;
  }

  /** `{a,b}`; `{a..c}` as a class; braces with neither are meant as they stand. */
  #braces(depth: number): readonly Node[] {
    this.#at++;
    const range = this.#chars.slice(this.#at, this.#at + 5).join('');
    const [, low, high] = /^([^,{}[\]])\.\.([^,{}[\]])\}/u.exec(range) ?? [];
    if (low !== undefined && high !== undefined) {
      this.#at += 4;
      return [{ kind: 'one', test: this.#within([[low, high]]) }];
    }
    const branches = [this.#sequence(depth + 1)];
    for (; this.#chars[this.#at] === ',';) {
      this.#at++;
      branches.push(this.#sequence(depth + 1));
    }
    if (this.#chars[this.#at] !== '}') throw new GlobError('There is no “}” for a “{”.');
    if (branches.length > 1) return [{ kind: 'choice', branches }];
    return [literal('{', false), ...branches.flat(), literal('}', false)];
  }
}

/** Goes on with a character that passes the test, or without one where there is no test. */
interface State {
  readonly test: Test | null;
  readonly goes: readonly number[];
}

/** The states of a nondeterministic automaton, made from the end on; state 0 is the end. */
const statesOf = (nodes: readonly Node[]): { readonly states: readonly State[]; readonly start: number } => {
  const states: State[] = [{ test: null, goes: [] }];
  const add = (test: Test | null, ...goes: readonly number[]): number => states.push({ test, goes }) - 1;
  const chain = (sequence: readonly Node[], next: number): number =>
    sequence.reduceRight<number>((after, node) => build(node, after), next);
  const build = (node: Node, next: number): number => {
    switch (node.kind) {
      case 'one':
        return add(node.test, next);
      case 'many': {
        const loop = add(null, next, states.length + 1);
        add(node.test, loop);
        return loop;
      }
      case 'choice':
        return add(null, ...node.branches.map((branch) => chain(branch, next)));
    }
  };
  const start = chain(nodes, 0);
  return { states, start };
};

/**
 * Compiles a glob. `*` and `?` stay within a name, `**` as a whole part of the path crosses folders; `[…]` and `{…,…}` are
 * alternatives, `\` takes the next character as it is, and everything else stands for itself. All ways to match are followed
 * side by side, so the time is at most the length of the text times that of the glob, whatever both say.
 *
 * @param ignoreCase whether capital and small letters are the same
 * @throws GlobError for half a pair of brackets
 * @see https://swtch.com/~rsc/regexp/regexp1.html
 */
export const compileGlob = (glob: string, ignoreCase: boolean): Matcher => {
  const { states, start } = statesOf(new Reader(glob, ignoreCase).read());
  /** By state: the step in which it was last reached. */
  const reached = new Uint32Array(states.length);
  return (text, orFolder = false) => {
    reached.fill(0);
    let step = 1;
    /** Adds the states that wait for a character. */
    const reach = (from: readonly number[], into: State[]): void => {
      const open = [...from];
      for (let index = open.pop(); index !== undefined; index = open.pop()) {
        if (reached[index] === step) continue;
        reached[index] = step;
        const state = states[index];
        if (state?.test === null) open.push(...state.goes);
        else if (state !== undefined) into.push(state);
      }
    };
    let waiting: State[] = [];
    reach([start], waiting);
    for (const char of text) {
      if (orFolder && char === '/' && reached[0] === step) return true;
      step++;
      const next: State[] = [];
      for (const { test, goes } of waiting) if (test?.(char) === true) reach(goes, next);
      waiting = next;
      if (waiting.length === 0 && reached[0] !== step) return false;
    }
    return reached[0] === step;
  };
};
