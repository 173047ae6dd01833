import type { ByteSource } from '../../platform/byte-source.ts';

/** Bytes of one value by field type: BYTE, ASCII, SHORT, LONG, RATIONAL, ..., IFD, LONG8, SLONG8, IFD8. */
const typeBytes: Record<number, number> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};
const MAX_TAGS = 4096;
/** Tables of strips and tiles, color profiles, metadata: the largest of real scenes have some megabytes. */
const MAX_TAG_BYTES = 64e6;
/** What the reader takes at once: sizes, the georeference, its names. */
const readTags = new Set([
  254, 255, 256, 257, 258, 259, 262, 277, 278, 284, 322, 323, 338, 339, 347, 33550, 33922, 34264,
  34735, 34736, 34737, 42113, 50674,
]);
const MAX_READ_TAG_BYTES = 1e6;

/** The first directory cannot be trusted; the message is the rest of a sentence. */
export class ImplausibleDirectory extends Error {}

/**
 * Looks at the first directory of a TIFF before a parser believes its counts: one entry of 12 bytes may
 * claim four billion values, and a parser that makes room for them takes gigabytes and seconds.
 *
 * @throws {ImplausibleDirectory} when an entry lies outside the file, or holds more than any scene needs.
 */
export async function checkFirstDirectory(file: ByteSource): Promise<void> {
  const head = new Fields(await readAt(file, 0, 16, 8));
  const shape = head.isBig
    ? { countBytes: 8, entryBytes: 20, inlineBytes: 8 }
    : { countBytes: 2, entryBytes: 12, inlineBytes: 4 };
  const start = head.isBig ? head.wide(8) : head.uint32(4);
  const count = new Fields(await readAt(file, start, shape.countBytes), head);
  const tags = head.isBig ? count.wide(0) : count.uint16(0);
  if (tags > MAX_TAGS) {
    throw new ImplausibleDirectory(`as its TIFF header is damaged: it claims ${tags} tags`);
  }
  const length = tags * shape.entryBytes;
  const entries = new Fields(await readAt(file, start + shape.countBytes, length), head);
  for (let at = 0; at < length; at += shape.entryBytes) {
    const tag = entries.uint16(at);
    const values = head.isBig ? entries.wide(at + 4) : entries.uint32(at + 4);
    // Unknown types are left to the parser, which refuses them without making room.
    const bytes = values * (typeBytes[entries.uint16(at + 2)] ?? 0);
    if (bytes <= shape.inlineBytes) continue;
    const offset = head.isBig ? entries.wide(at + 12) : entries.uint32(at + 8);
    checkExtent(tag, offset, bytes, file.size);
  }
}

function checkExtent(tag: number, offset: number, bytes: number, fileBytes: number): void {
  if (offset + bytes > fileBytes) {
    throw new ImplausibleDirectory(`as its TIFF header is damaged: tag ${tag} lies past the end`);
  }
  if (bytes > (readTags.has(tag) ? MAX_READ_TAG_BYTES : MAX_TAG_BYTES)) {
    throw new ImplausibleDirectory(`as tag ${tag} of its TIFF header holds ${bytes} bytes`);
  }
}

async function readAt(
  file: ByteSource,
  offset: number,
  length: number,
  neededBytes = length,
): Promise<DataView> {
  if (offset + neededBytes > file.size) {
    throw new ImplausibleDirectory(
      'as its TIFF header is damaged: its directory lies past the end',
    );
  }
  const view = new DataView(new ArrayBuffer(length));
  new Uint8Array(view.buffer).set(await file.read(offset, length));
  return view;
}

/** Numbers in the byte order of the file. */
class Fields {
  private readonly view: DataView;
  private readonly isLittle: boolean;
  readonly isBig: boolean;

  constructor(view: DataView, head?: Fields) {
    this.view = view;
    this.isLittle = head?.isLittle ?? view.getUint8(0) === 0x49;
    this.isBig = head?.isBig ?? this.uint16(2) === 43;
  }

  uint16(at: number): number {
    return this.view.getUint16(at, this.isLittle);
  }

  uint32(at: number): number {
    return this.view.getUint32(at, this.isLittle);
  }

  /** Offsets past 2^53 lie past the end of any file, so losing their last digits does no harm. */
  wide(at: number): number {
    return Number(this.view.getBigUint64(at, this.isLittle));
  }
}
