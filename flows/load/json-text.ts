/** Where a value stands in its text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What keeps a text from being read as JSON. */
export interface TextProblem {
  readonly code: 'json-syntax' | 'json-duplicate-key' | 'json-too-deep';
  readonly pointer: string;
  readonly message: string;
  readonly position: Position;
}

export interface ReadText {
  /** The value, or `undefined` where the text is no JSON at all. */
  readonly value: unknown;
  readonly problems: readonly TextProblem[];
  /** Where the value of a JSON Pointer starts; of its nearest ancestor when it is not in the text. */
  positionOf(pointer: string): Position;
}

/** Deeper than any definition that a person could follow, and far from the end of the stack. */
const DEEPEST = 200;

/**
 * Reads JSON and remembers where each value stood.
 *
 * `JSON.parse` keeps the last of two equal keys without a word and forgets positions; this reads the
 * same language, no comments and no trailing commas, and names each key that is said twice.
 */
export function readJsonText(text: string): ReadText {
  const reader = new Reader(text);
  const value = reader.readWhole();
  return {
    value,
    problems: reader.problems,
    positionOf: (pointer) => positionAt(text, nearestOffset(reader.offsets, pointer)),
  };
}

/** One step of a JSON Pointer (RFC 6901). */
export function pointerTo(parent: string, key: string | number): string {
  return `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function nearestOffset(offsets: ReadonlyMap<string, number>, pointer: string): number {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const offset = offsets.get(at);
    if (offset !== undefined) return offset;
  }
  return offsets.get('') ?? 0;
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

class UnreadableText extends Error {}

class Reader {
  readonly problems: TextProblem[] = [];
  readonly offsets = new Map<string, number>();
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  readWhole(): unknown {
    try {
      const value = this.readValue('', 0);
      this.skipSpace();
      if (this.at < this.text.length) this.fail('', 'the end of the text');
      return value;
    } catch (error) {
      if (error instanceof UnreadableText) return undefined;
      throw error;
    }
  }

  private readValue(pointer: string, depth: number): unknown {
    this.skipSpace();
    this.offsets.set(pointer, this.at);
    if (depth > DEEPEST) this.failDeep(pointer);
    const first = this.text[this.at];
    if (first === '{') return this.readObject(pointer, depth);
    if (first === '[') return this.readArray(pointer, depth);
    return this.readScalar(pointer);
  }

  private readObject(pointer: string, depth: number): unknown {
    const members = new Map<string, unknown>();
    this.at++;
    if (this.takes('}')) return {};
    do {
      this.skipSpace();
      const keyAt = this.at;
      if (this.text[this.at] !== '"') this.fail(pointer, 'a key in double quotes');
      const key = this.readScalar(pointer) as string;
      const child = pointerTo(pointer, key);
      if (members.has(key)) this.nameDuplicate(child, key, keyAt);
      if (!this.takes(':')) this.fail(child, '":"');
      members.set(key, this.readValue(child, depth + 1));
    } while (this.takes(','));
    if (!this.takes('}')) this.fail(pointer, '"," or "}"');
    // Not by assignment, which would make `__proto__` something else than a key.
    return Object.fromEntries(members);
  }

  private readArray(pointer: string, depth: number): unknown {
    const items: unknown[] = [];
    this.at++;
    if (this.takes(']')) return items;
    do items.push(this.readValue(pointerTo(pointer, items.length), depth + 1));
    while (this.takes(','));
    if (!this.takes(']')) this.fail(pointer, '"," or "]"');
    return items;
  }

  private readScalar(pointer: string): unknown {
    SCALAR.lastIndex = this.at;
    const found = SCALAR.exec(this.text)?.[0];
    if (found === undefined) return this.fail(pointer, 'a value');
    try {
      const value: unknown = JSON.parse(found);
      this.at += found.length;
      return value;
    } catch {
      return this.fail(pointer, 'a value');
    }
  }

  private takes(sign: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private skipSpace(): void {
    SPACE.lastIndex = this.at;
    SPACE.exec(this.text);
    this.at = SPACE.lastIndex;
  }

  private nameDuplicate(pointer: string, key: string, offset: number): void {
    const message = `Cannot read "${key}" as it is there twice: JSON would keep the last one without a word`;
    const position = positionAt(this.text, offset);
    this.problems.push({ code: 'json-duplicate-key', pointer, message, position });
  }

  private failDeep(pointer: string): never {
    const message = `Cannot read the text as it nests deeper than ${DEEPEST} levels`;
    const position = positionAt(this.text, this.at);
    this.problems.push({ code: 'json-too-deep', pointer, message, position });
    throw new UnreadableText();
  }

  private fail(pointer: string, needed: string): never {
    const found = this.at < this.text.length ? JSON.stringify(this.text[this.at]) : 'the end';
    const message = `Cannot read the text as JSON: ${needed} is needed, found ${found}`;
    const position = positionAt(this.text, this.at);
    this.problems.push({ code: 'json-syntax', pointer, message, position });
    throw new UnreadableText();
  }
}

// Sticky: both look at one place only. The words and numbers are checked by JSON.parse.
const SCALAR = /"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null/y;
const SPACE = /[ \t\n\r]*/y;
