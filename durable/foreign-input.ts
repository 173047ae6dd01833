import { InvalidInput, nameValue } from '../contracts/failures.ts';
import { UnreadablePayload } from './payload-converter.ts';

/** Far above what a request needs, and far below the size at which an activity cannot be called. */
const MAX_CHARACTERS = 200_000;
/** Deeper values could be read, but not written again. */
const MAX_DEPTH = 100;
const MAX_COUNT = 1_000_000;

const artifact = { sha256: 'digest', bytes: 'amount', mediaType: 'text' } as const;

/** The shapes that several workflows ask for. */
export const shapes = {
  artifact,
  admittedRequest: {
    imageType: 'text',
    jobId: 'text',
    runKey: 'key',
    origin: { kind: 'text', location: 'text' },
  },
} as const;

/** What the fields of a value must be at least; a list with one shape asks it of every element. */
export type Shape<Value> = Value extends boolean
  ? 'flag'
  : Value extends string
    ? 'text' | 'key' | 'digest'
    : Value extends number
      ? 'count' | 'amount'
      : Value extends readonly (infer Element)[]
        ? readonly [Shape<Element>]
        : { readonly [Field in keyof Value]?: Shape<Value[Field]> };

type AnyShape = keyof typeof leaves | readonly [AnyShape] | { readonly [field: string]: AnyShape };

const leaves = {
  text: { words: 'text', fits: (value: unknown) => typeof value === 'string' },
  /** It names files, so it must not lead out of its folder. */
  key: {
    words: 'a run key',
    fits: (value: unknown) => typeof value === 'string' && /^(?=.*\w)[\w.-]{1,200}$/.test(value),
  },
  digest: {
    words: 'a SHA-256 digest',
    fits: (value: unknown) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
  },
  flag: { words: 'true or false', fits: (value: unknown) => typeof value === 'boolean' },
  amount: {
    words: 'a number from 0',
    fits: (value: unknown) => Number.isFinite(value) && Number(value) >= 0,
  },
  /** Bounded, as it decides how much work there is. */
  count: {
    words: `a whole number from 0 to ${MAX_COUNT}`,
    fits: (value: unknown) =>
      Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_COUNT,
  },
};

/**
 * Refuses what no worker could pass on: an unreadable payload, bytes, a value of megabytes.
 *
 * @throws {InvalidInput} so that the run ends; without it, it would be retried without an end.
 */
export function expectReadable(input: unknown, maxCharacters = MAX_CHARACTERS): void {
  if (input instanceof UnreadablePayload) {
    throw new InvalidInput(`Cannot start as the request cannot be read: ${input.reason}`);
  }
  if (input instanceof Uint8Array) {
    throw new InvalidInput('Cannot start as the request must be JSON: found bytes');
  }
  if (isDeeperThan(input, MAX_DEPTH)) {
    throw new InvalidInput(
      `Cannot start as the request may be nested ${MAX_DEPTH} levels deep: found more`,
    );
  }
  const { length } = JSON.stringify(input) ?? '';
  if (length > maxCharacters) {
    throw new InvalidInput(
      `Cannot start as the request may have ${maxCharacters} characters: found ${length}`,
    );
  }
}

/**
 * Refuses input that no stage before could have sent. A stage is started by the stage before it, but any
 * client reaches its queue, and a field that is missing would pass for a bug and hold the run for ever.
 *
 * @throws {InvalidInput} that names the first field that does not fit.
 */
export function expectShape<Value>(input: Value, shape: Shape<Value>): void {
  expectReadable(input);
  check(input, shape as AnyShape, '');
}

function check(value: unknown, shape: AnyShape, path: string): void {
  if (typeof shape === 'string') {
    const { words, fits } = leaves[shape];
    if (!fits(value)) throw misfit(path, words, value);
  } else if (isListShape(shape)) {
    if (!Array.isArray(value)) throw misfit(path, 'a list', value);
    for (const [index, element] of value.entries()) check(element, shape[0], `${path}[${index}]`);
  } else {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw misfit(path, 'an object', value);
    }
    for (const [field, inner] of Object.entries(shape)) {
      check((value as Record<string, unknown>)[field], inner, path ? `${path}.${field}` : field);
    }
  }
}

function misfit(path: string, words: string, value: unknown): InvalidInput {
  return new InvalidInput(
    `Cannot start as ${path || 'the request'} must be ${words}: found ${nameValue(value)}`,
  );
}

function isListShape(shape: AnyShape): shape is readonly [AnyShape] {
  return Array.isArray(shape);
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}
