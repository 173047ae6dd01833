import { UnreadablePixels } from './unreadable-pixels.ts';

/** The pixels of one band, as numbers of the kind that the file has. */
export type Samples =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

const kinds = {
  '1 8': Uint8Array,
  '2 8': Int8Array,
  '1 16': Uint16Array,
  '2 16': Int16Array,
  '1 32': Uint32Array,
  '2 32': Int32Array,
  '3 32': Float32Array,
  '3 64': Float64Array,
} as const;
export type Kind = (typeof kinds)[keyof typeof kinds];

export interface NumberKind {
  /** SampleFormat: 1 unsigned, 2 signed, 3 floating point. */
  format: number;
  bits: number;
}

/** The arrays that hold such numbers; null for uncommon ones, such as 12 bits. */
export function arraysFor({ format, bits }: NumberKind): Kind | null {
  return kinds[`${format} ${bits}` as keyof typeof kinds] ?? null;
}

/**
 * The numbers that bytes of a file stand for.
 *
 * @param way.isForeign whether they are of the other byte order than this machine's.
 * @throws {UnreadablePixels} when there are fewer than needed: a damaged file.
 */
export function numbersIn(
  { kind, isForeign }: { kind: Kind; isForeign: boolean },
  bytes: Buffer,
  needed: number,
): Samples {
  const size = kind.BYTES_PER_ELEMENT;
  if (bytes.length < needed * size)
    throw new UnreadablePixels(
      'a block of them is too short, so the file is damaged or was not copied whole',
    );
  const length = Math.floor(bytes.length / size);
  const isAligned = bytes.byteOffset % size === 0;
  const whole = isAligned && !isForeign ? bytes : Buffer.from(bytes.subarray(0, length * size));
  const own = whole.byteOffset % size === 0 ? whole : copied(whole);
  if (isForeign) swap(own.subarray(0, length * size), size);
  return new kind(own.buffer as ArrayBuffer, own.byteOffset, length);
}

/** Small buffers lie in a pool at any place; a copy of its own starts at a whole number. */
function copied(bytes: Buffer): Buffer {
  const own = Buffer.from(new ArrayBuffer(bytes.length));
  own.set(bytes);
  return own;
}

function swap(bytes: Buffer, size: number): void {
  if (size === 2) bytes.swap16();
  if (size === 4) bytes.swap32();
  if (size === 8) bytes.swap64();
}
