/** What a raw file holds beside its sensor data. */
export interface RawParts {
  /** Of the sensor image, pixels; null when the directories do not say. */
  size: { width: number; height: number } | null;
  /** The largest JPEG that a decoder can read; null without one. */
  preview: Uint8Array | null;
}

/** Directories that are looked at: cameras write three or four. */
const MOST_DIRECTORIES = 16;
const MOST_ENTRIES = 1024;

const tags = {
  subfileType: 254,
  width: 256,
  height: 257,
  stripOffsets: 273,
  stripLengths: 279,
  subDirectories: 330,
  jpegOffset: 513,
  jpegLength: 514,
} as const;

/** Bytes of one value: byte, ASCII, short, long, and a directory's offset; others are not read. */
const SIZES: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 13: 4 };

type Directory = Map<number, number[]>;

/**
 * Walks the directories of a raw file, as DNG and IIQ are made: the sensor's own image is the one that is no
 * reduced copy, and cameras put a JPEG of it beside it. IIQ keeps the size of its image in a directory of its
 * own, and RAF has a header in place of directories.
 *
 * Sources: TIFF 6.0, Adobe, 1992; Digital Negative Specification 1.7, Adobe, 2023; for IIQ and RAF, which have
 * no published description, the tables of ExifTool (PhaseOne, FujiFilm) and files of such cameras.
 */
export function rawParts(bytes: Uint8Array): RawParts {
  return isRaf(bytes) ? rafParts(bytes) : partsOfDirectories(bytes);
}

function partsOfDirectories(bytes: Uint8Array): RawParts {
  const directories = directoriesOf(bytes);
  const sizes = directories.flatMap((directory) => {
    const [width, height] = [first(directory, tags.width), first(directory, tags.height)];
    if (width === null || height === null || width * height === 0) return [];
    return [{ width, height, isReduced: first(directory, tags.subfileType) === 1 }];
  });
  const [largest] = sizes.toSorted(
    (a, b) => Number(a.isReduced) - Number(b.isReduced) || b.width * b.height - a.width * a.height,
  );
  const [preview] = directories
    .flatMap((directory) => jpegOf(bytes, directory) ?? [])
    .toSorted((a, b) => b.length - a.length);
  return {
    size:
      phaseOneSize(bytes) ??
      (largest === undefined ? null : { width: largest.width, height: largest.height }),
    preview: preview ?? null,
  };
}

/** The block of Phase One lies behind the header of the TIFF: `IIII`, `waR`, and the place of its directory. */
const PHASE_ONE = { at: 8, entryBytes: 16, width: 0x10c, height: 0x10d } as const;

function phaseOneSize(bytes: Uint8Array): RawParts['size'] {
  const { at, entryBytes } = PHASE_ONE;
  if (bytes.length < at + 12 || letters(bytes, at, 4) !== 'IIII') return null;
  if (letters(bytes, at + 5, 3) !== 'waR') return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = at + view.getUint32(at + 8, true);
  if (directory + 8 > bytes.length) return null;
  const entries = Math.min(view.getUint32(directory, true), MOST_ENTRIES);
  let [width, height] = [0, 0];
  for (
    let entry = directory + 8;
    entry < directory + 8 + entryBytes * entries;
    entry += entryBytes
  ) {
    if (entry + entryBytes > bytes.length) break;
    const tag = view.getUint32(entry, true);
    const value = view.getUint32(entry + 12, true);
    if (tag === PHASE_ONE.width) width = value;
    if (tag === PHASE_ONE.height) height = value;
  }
  return width * height === 0 ? null : { width, height };
}

/** Places in the header of a RAF, and what its list of records calls the size without the sensor's edges. */
const RAF = { jpeg: 84, records: 92, fullSize: 0x100, croppedSize: 0x111 } as const;

/** Whether a file begins with its header, in which all numbers are big-endian. */
export function isRaf(bytes: Uint8Array): boolean {
  return letters(bytes, 0, 15) === 'FUJIFILMCCD-RAW' && bytes.length >= RAF.records + 8;
}

function rafParts(bytes: Uint8Array): RawParts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [from, length] = [view.getUint32(RAF.jpeg), view.getUint32(RAF.jpeg + 4)];
  const jpeg = from + length <= bytes.length ? bytes.subarray(from, from + length) : null;
  return {
    size: rafSize(view),
    preview: jpeg !== null && isPlainJpeg(jpeg) ? jpeg : null,
  };
}

function rafSize(view: DataView): RawParts['size'] {
  let size: RawParts['size'] = null;
  let at = view.getUint32(RAF.records);
  if (at + 4 > view.byteLength) return null;
  const records = Math.min(view.getUint32(at), MOST_ENTRIES);
  at += 4;
  for (let record = 0; record < records && at + 8 <= view.byteLength; record++) {
    const [tag, length] = [view.getUint16(at), view.getUint16(at + 2)];
    const isSize = tag === RAF.croppedSize || (tag === RAF.fullSize && size === null);
    if (isSize) size = { width: view.getUint16(at + 6), height: view.getUint16(at + 4) };
    at += 4 + length;
  }
  return size === null || size.width * size.height === 0 ? null : size;
}

function letters(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}

function directoriesOf(bytes: Uint8Array): Directory[] {
  if (bytes.length < 8) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = bytes[0] === 0x49;
  const open = [view.getUint32(4, isLittle)];
  const seen = new Set<number>();
  const found: Directory[] = [];
  while (open.length > 0 && found.length < MOST_DIRECTORIES) {
    const at = open.shift()!;
    if (seen.has(at) || at < 8 || at + 2 > bytes.length) continue;
    seen.add(at);
    const entries = Math.min(view.getUint16(at, isLittle), MOST_ENTRIES);
    const directory: Directory = new Map();
    for (let entry = at + 2; entry < at + 2 + 12 * entries; entry += 12) {
      if (entry + 12 > bytes.length) break;
      const values = valuesAt(view, entry, isLittle);
      if (values !== null) directory.set(view.getUint16(entry, isLittle), values);
    }
    found.push(directory);
    open.push(...(directory.get(tags.subDirectories) ?? []));
    const next = at + 2 + 12 * entries;
    if (next + 4 <= bytes.length) open.push(view.getUint32(next, isLittle));
  }
  return found;
}

/** The numbers of one entry, where they are few enough to be offsets and sizes. */
function valuesAt(view: DataView, entry: number, isLittle: boolean): number[] | null {
  const size = SIZES[view.getUint16(entry + 2, isLittle)];
  const count = view.getUint32(entry + 4, isLittle);
  if (size === undefined || count === 0 || count > MOST_DIRECTORIES) return null;
  const from = size * count <= 4 ? entry + 8 : view.getUint32(entry + 8, isLittle);
  if (from + size * count > view.byteLength) return null;
  return Array.from({ length: count }, (_, index) => {
    const at = from + index * size;
    if (size === 1) return view.getUint8(at);
    return size === 2 ? view.getUint16(at, isLittle) : view.getUint32(at, isLittle);
  });
}

function first(directory: Directory, tag: number): number | null {
  return directory.get(tag)?.[0] ?? null;
}

/** The JPEG of a directory, in one piece, and of a kind that every decoder reads. */
function jpegOf(bytes: Uint8Array, directory: Directory): Uint8Array | null {
  const strips = directory.get(tags.stripOffsets);
  const from = first(directory, tags.jpegOffset) ?? (strips?.length === 1 ? strips[0]! : null);
  const length = first(directory, tags.jpegLength) ?? first(directory, tags.stripLengths);
  if (from === null || length === null || from + length > bytes.length) return null;
  const file = bytes.subarray(from, from + length);
  return isPlainJpeg(file) ? file : null;
}

/** Baseline or progressive: sensor data are often lossless JPEG, which is another code. */
function isPlainJpeg(file: Uint8Array): boolean {
  if (file[0] !== 0xff || file[1] !== 0xd8) return false;
  let at = 2;
  while (at + 4 <= file.length && file[at] === 0xff) {
    const marker = file[at + 1]!;
    if (marker >= 0xc0 && marker <= 0xc2) return true;
    if (marker === 0xda || (marker > 0xc2 && marker < 0xd0 && marker !== 0xc4)) return false;
    at += 2 + file[at + 2]! * 256 + file[at + 3]!;
  }
  return false;
}
