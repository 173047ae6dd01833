/** Kinds of values of a TIFF, by their code in the file. */
export const ASCII = 2;
export const SHORT = 3;
export const LONG = 4;
export const DOUBLE = 12;
export const LONG8 = 16;

const SIZES: Readonly<Record<number, number>> = {
  [ASCII]: 1,
  [SHORT]: 2,
  [LONG]: 4,
  [DOUBLE]: 8,
  [LONG8]: 8,
};

/** One field of a directory. */
export type TiffField = readonly [tag: number, kind: number, values: readonly number[]];

/** How a file is written, always the low byte first. */
export interface TiffForm {
  /** BigTIFF, with offsets of eight bytes. */
  isBig: boolean;
  /** Values that lie outside of their entries take whole multiples of so many bytes: an even number. */
  alignment: number;
}

/**
 * What a TIFF starts with: its kind, and where the first directory lies.
 *
 * Source: TIFF 6.0, Adobe, 1992; BigTIFF design, 2011. So is all of this file.
 */
export function tiffStart(firstDirectory: number, { isBig }: TiffForm): Uint8Array {
  const bytes = new Uint8Array(tiffStartBytes({ isBig }));
  bytes.set([0x49, 0x49, isBig ? 43 : 42, 0]);
  if (isBig) bytes.set([8, 0, 0, 0], 4);
  put(new DataView(bytes.buffer), isBig ? 8 : 4, isBig ? 8 : 4, firstDirectory);
  return bytes;
}

/** Bytes of such a start. */
export function tiffStartBytes({ isBig }: Pick<TiffForm, 'isBig'>): number {
  return isBig ? 16 : 8;
}

/** Bytes of a directory with the values that lie outside of its entries. */
export function directoryBytes(fields: readonly TiffField[], form: TiffForm): number {
  return fields.reduce((sum, field) => sum + outsideBytes(field, form), entriesBytes(fields, form));
}

/**
 * A directory, and behind it the values that have no room in its entries.
 *
 * @param fields in any order; the values of none may depend on the length of the result.
 * @param start where in the file it lies.
 * @param next where the next directory lies; 0 for the last one.
 */
export function directoryAt(
  start: number,
  fields: readonly TiffField[],
  form: TiffForm,
  next = 0,
): Uint8Array {
  const { countBytes, entryBytes, word } = sizesOf(form);
  const bytes = new Uint8Array(directoryBytes(fields, form));
  const view = new DataView(bytes.buffer);
  put(view, 0, countBytes, fields.length);
  let outside = entriesBytes(fields, form);
  for (const [index, field] of fields.toSorted((a, b) => a[0] - b[0]).entries()) {
    const [tag, kind, values] = field;
    const entry = countBytes + index * entryBytes;
    const length = outsideBytes(field, form);
    put(view, entry, 2, tag);
    put(view, entry + 2, 2, kind);
    put(view, entry + 4, word, values.length);
    if (length > 0) put(view, entry + 4 + word, word, start + outside);
    writeValues(view, length > 0 ? outside : entry + 4 + word, kind, values);
    outside += length;
  }
  put(view, countBytes + fields.length * entryBytes, word, next);
  return bytes;
}

/** A text with the zero that ends it. */
export function asciiOf(text: string): number[] {
  return Array.from({ length: text.length + 1 }, (_, at) => text.charCodeAt(at) || 0);
}

function sizesOf({ isBig }: Pick<TiffForm, 'isBig'>) {
  return isBig
    ? { countBytes: 8, entryBytes: 20, word: 8 }
    : { countBytes: 2, entryBytes: 12, word: 4 };
}

function entriesBytes(fields: readonly TiffField[], form: TiffForm): number {
  const { countBytes, entryBytes, word } = sizesOf(form);
  return countBytes + entryBytes * fields.length + word;
}

function outsideBytes([, kind, values]: TiffField, form: TiffForm): number {
  const bytes = SIZES[kind]! * values.length;
  const { alignment } = form;
  return bytes <= sizesOf(form).word ? 0 : Math.ceil(bytes / alignment) * alignment;
}

function put(view: DataView, at: number, length: number, value: number): void {
  if (length === 2) view.setUint16(at, value, true);
  else if (length === 4) view.setUint32(at, value, true);
  else view.setBigUint64(at, BigInt(value), true);
}

function writeValues(view: DataView, start: number, kind: number, values: readonly number[]): void {
  for (const [index, value] of values.entries()) {
    const at = start + index * SIZES[kind]!;
    if (kind === ASCII) view.setUint8(at, value);
    else if (kind === DOUBLE) view.setFloat64(at, value, true);
    else put(view, at, SIZES[kind]!, value);
  }
}
