/** How the primary image of a HEIF file lies in it. */
export interface HeifParts {
  /** As it is coded, before anything turns it; null when the file does not say. */
  size: { width: number; height: number } | null;
  /**
   * How a viewer turns it, in the numbers of EXIF; null when the file turns nothing. It goes before the
   * orientation in the tags, which viewers pass over.
   */
  orientation: number | null;
}

interface Box {
  type: string;
  /** Of its content, and behind it. */
  from: number;
  to: number;
}

/** Row by row, from a pixel as coded to where it is shown: columns to the right, rows down. */
type Turn = readonly [number, number, number, number];

const MOST_BOXES = 4096;
const AS_CODED: Turn = [1, 0, 0, 1];
const QUARTER_LEFT: Turn = [0, 1, -1, 0];
const FLIPS: readonly Turn[] = [
  [1, 0, 0, -1],
  [-1, 0, 0, 1],
];
/** By the orientation of EXIF, from 1 on. */
const ORIENTATIONS: readonly Turn[] = [
  AS_CODED,
  [-1, 0, 0, 1],
  [-1, 0, 0, -1],
  [1, 0, 0, -1],
  [0, 1, 1, 0],
  [0, -1, 1, 0],
  [0, -1, -1, 0],
  QUARTER_LEFT,
];

/**
 * Reads size and turn of the primary image from the boxes of a HEIC or AVIF file. Decoders turn what they give;
 * the sensor did not.
 *
 * Source: ISO/IEC 23008-12, Image File Format: items, `ispe`, `irot`, `imir`, `ipma`.
 */
export function heifParts(bytes: Uint8Array): HeifParts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const nothing: HeifParts = { size: null, orientation: null };
  const meta = boxesIn(view, 0, view.byteLength).find(({ type }) => type === 'meta');
  if (meta === undefined) return nothing;
  const inner = boxesIn(view, meta.from + 4, meta.to);
  const find = (boxes: readonly Box[], type: string) => boxes.find((box) => box.type === type);
  const [item, list] = [find(inner, 'pitm'), find(inner, 'iprp')];
  if (item === undefined || list === undefined) return nothing;
  const parts = boxesIn(view, list.from, list.to);
  const container = find(parts, 'ipco');
  if (container === undefined) return nothing;
  const properties = boxesIn(view, container.from, container.to);
  try {
    const id =
      versionOf(view, item) === 0 ? view.getUint16(item.from + 4) : view.getUint32(item.from + 4);
    const own = parts
      .filter(({ type }) => type === 'ipma')
      .flatMap((box) => propertiesOf(view, box, id))
      .flatMap((index) => properties[index - 1] ?? []);
    return { size: sizeIn(view, own), orientation: orientationIn(view, own) };
  } catch (error) {
    // A box that ends before its content: then nothing is known.
    if (error instanceof RangeError) return nothing;
    throw error;
  }
}

function boxesIn(view: DataView, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  let at = from;
  while (at + 8 <= to && boxes.length < MOST_BOXES) {
    const length = view.getUint32(at);
    const isLong = length === 1;
    if (isLong && at + 16 > to) break;
    const header = isLong ? 16 : 8;
    const size = isLong ? Number(view.getBigUint64(at + 8)) : length === 0 ? to - at : length;
    if (size < header || at + size > to) break;
    const letters = [0, 1, 2, 3].map((index) => view.getUint8(at + 4 + index));
    boxes.push({ type: String.fromCharCode(...letters), from: at + header, to: at + size });
    at += size;
  }
  return boxes;
}

function versionOf(view: DataView, { from }: Box): number {
  return view.getUint8(from);
}

/** Which properties an item has, counted from 1, in the order in which they apply. */
function propertiesOf(view: DataView, box: Box, id: number): number[] {
  const isLongId = versionOf(view, box) > 0;
  const isLongIndex = (view.getUint8(box.from + 3) & 1) === 1;
  const items = view.getUint32(box.from + 4);
  let at = box.from + 8;
  for (let item = 0; item < items && at < box.to; item++) {
    const found = isLongId ? view.getUint32(at) : view.getUint16(at);
    at += isLongId ? 4 : 2;
    const count = view.getUint8(at++);
    const width = isLongIndex ? 2 : 1;
    if (found === id) {
      return Array.from({ length: count }, (_, index) => {
        const place = at + index * width;
        return isLongIndex ? view.getUint16(place) & 0x7fff : view.getUint8(place) & 0x7f;
      });
    }
    at += count * width;
  }
  return [];
}

function sizeIn(view: DataView, properties: readonly Box[]): HeifParts['size'] {
  const box = properties.find(({ type }) => type === 'ispe');
  if (box === undefined) return null;
  const [width, height] = [view.getUint32(box.from + 4), view.getUint32(box.from + 8)];
  return width * height === 0 ? null : { width, height };
}

function orientationIn(view: DataView, properties: readonly Box[]): number | null {
  const turning = properties.filter(({ type }) => type === 'irot' || type === 'imir');
  if (turning.length === 0) return null;
  let turn = AS_CODED;
  for (const { type, from } of turning) {
    const value = view.getUint8(from);
    if (type === 'imir') turn = product(FLIPS[value & 1]!, turn);
    else for (let quarter = 0; quarter < (value & 3); quarter++) turn = product(QUARTER_LEFT, turn);
  }
  return 1 + ORIENTATIONS.findIndex((each) => each.every((value, index) => value === turn[index]));
}

/** The second, then the first. */
function product([a, b, c, d]: Turn, [e, f, g, h]: Turn): Turn {
  return [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
}
