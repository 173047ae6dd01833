import type { GroundControl } from '../../contracts/scene-placement.ts';
import type { Geotransform } from './affine.ts';
import { geoKeys } from './tiled-tiff.ts';

const PIXEL_SCALE = 33550;
const TIEPOINT = 33922;
const TRANSFORMATION = 34264;
const GEO_KEYS = 34735;
const GEO_DOUBLES = 34736;
const GEO_TEXTS = 34737;
const RASTER_TYPE_KEY = 1025;
const PIXEL_IS_POINT = 2;
const SHORT = 3;
const DOUBLE = 12;
const MAX_CLASSIC_BYTES = 0xffff_ffff;
const MAX_TAGS = 4096;

/** Six numbers, or points that tell where pixels lie. */
export type Georeference = Geotransform | readonly GroundControl[];

/** Bytes of a file at a place. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

/**
 * What makes a TIFF one with another transform, or other control points: a header to put in place of the old
 * one, and a first directory to append. All other tags stand in it as they were, and so does all that they
 * point to.
 *
 * Source: TIFF 6.0, Adobe, 1992; BigTIFF design; OGC GeoTIFF Standard 1.1, 2019.
 *
 * @param georeference corner-based; where the file counts from pixel centers, it is written so.
 * @param map by its EPSG code, for a file that names none, or another one; null to leave it as it is.
 * @returns null for a file that is no TIFF, and when offsets of the classic kind do not reach behind the end.
 */
export async function rewrittenDirectory(
  read: ReadBytes,
  fileBytes: number,
  georeference: Georeference,
  map: { epsg: number; isGeographic: boolean } | null = null,
): Promise<{ header: Uint8Array; appended: Uint8Array } | null> {
  const form = formOf(await read(0, 8));
  if (form === null) return null;
  const header = (await read(0, form.headerBytes)).slice();
  const start = form.get(header, form.firstOffset, form.wordBytes);
  const count = form.get(await read(start, form.countBytes), 0, form.countBytes);
  if (count > MAX_TAGS) throw new RangeError(`Cannot rewrite a directory of ${count} tags`);
  const old = await read(start + form.countBytes, count * form.entryBytes);
  const next = await read(start + form.countBytes + count * form.entryBytes, form.wordBytes);
  const entries: Uint8Array[] = Array.from({ length: count }, (_, index) =>
    old.slice(index * form.entryBytes, (index + 1) * form.entryBytes),
  );
  const isPoint = map === null && (await countsFromCenters(entries, form, read));
  const replaced = [PIXEL_SCALE, TIEPOINT, TRANSFORMATION];
  if (map !== null) replaced.push(GEO_KEYS, GEO_DOUBLES, GEO_TEXTS);
  const kept = entries.filter((entry) => !replaced.includes(form.get(entry, 0, 2)));
  const added: Field[] = tagsOf(georeference, isPoint);
  if (map !== null) added.push([GEO_KEYS, SHORT, geoKeys(map)]);
  // Offsets have to be even.
  const padding = fileBytes % 2;
  const total = kept.length + added.length;
  const directory = fileBytes + padding;
  const values = directory + form.countBytes + total * form.entryBytes + form.wordBytes;
  const valueBytes = added.reduce((sum, field) => sum + bytesOf(field), 0);
  if (!form.isBig && values + valueBytes > MAX_CLASSIC_BYTES) return null;
  const appended = new Uint8Array(values + valueBytes - fileBytes);
  form.set(header, form.firstOffset, form.wordBytes, directory);
  form.set(appended, padding, form.countBytes, total);
  let outside = values;
  for (const field of added) {
    const [tag, kind, numbers] = field;
    const at = outside - fileBytes;
    kept.push(form.entry(tag, kind, numbers.length, outside));
    for (const [index, number] of numbers.entries()) {
      if (kind === SHORT) form.set(appended, at + 2 * index, 2, number);
      else form.setDouble(appended, at + 8 * index, number);
    }
    outside += bytesOf(field);
  }
  kept.sort((a, b) => form.get(a, 0, 2) - form.get(b, 0, 2));
  const firstEntry = padding + form.countBytes;
  kept.forEach((entry, index) => appended.set(entry, firstEntry + index * form.entryBytes));
  appended.set(next, firstEntry + total * form.entryBytes);
  return { header, appended };
}

type Field = [tag: number, kind: typeof SHORT | typeof DOUBLE, numbers: number[]];

/** Of all but the smallest fields, whose values would stand in their entries: offsets stay even. */
function bytesOf([, kind, numbers]: Field): number {
  return (kind === SHORT ? 2 : 8) * numbers.length;
}

/** A north-up transform as scale and tie point, which every reader knows; others as a matrix. */
function tagsOf(georeference: Georeference, isPoint: boolean): Field[] {
  const half = isPoint ? 0.5 : 0;
  if (!isTransform(georeference)) {
    const numbers = georeference.flatMap(({ column, row, x, y }) => [
      column - half,
      row - half,
      0,
      x,
      y,
      0,
    ]);
    return [[TIEPOINT, DOUBLE, numbers]];
  }
  const g = georeference;
  const [x, y] = [g[0] + half * (g[1] + g[2]), g[3] + half * (g[4] + g[5])];
  const isNorthUp = g[2] === 0 && g[4] === 0 && g[1] > 0 && g[5] < 0;
  if (isNorthUp) {
    return [
      [PIXEL_SCALE, DOUBLE, [g[1], -g[5], 0]],
      [TIEPOINT, DOUBLE, [0, 0, 0, x, y, 0]],
    ];
  }
  return [[TRANSFORMATION, DOUBLE, [g[1], g[2], 0, x, g[4], g[5], 0, y, 0, 0, 0, 0, 0, 0, 0, 1]]];
}

function isTransform(georeference: Georeference): georeference is Geotransform {
  return typeof georeference[0] === 'number';
}

async function countsFromCenters(
  entries: readonly Uint8Array[],
  form: Form,
  read: ReadBytes,
): Promise<boolean> {
  const keys = entries.find((entry) => form.get(entry, 0, 2) === GEO_KEYS);
  if (keys === undefined) return false;
  const count = form.get(keys, 4, form.wordBytes);
  if (count > 4096) return false;
  const values = await read(form.get(keys, 4 + form.wordBytes, form.wordBytes), 2 * count);
  for (let at = 8; at + 8 <= values.length; at += 8) {
    if (form.get(values, at, 2) === RASTER_TYPE_KEY) {
      return form.get(values, at + 6, 2) === PIXEL_IS_POINT;
    }
  }
  return false;
}

type Form = NonNullable<ReturnType<typeof formOf>>;

/** How a file spells its numbers: byte order, and the longer words of BigTIFF. */
function formOf(start: Uint8Array) {
  const isLittle = start[0] === 0x49;
  const view = (bytes: Uint8Array) =>
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view(start).getUint16(2, isLittle);
  if (magic !== 42 && magic !== 43) return null;
  const isBig = magic === 43;
  const wordBytes = isBig ? 8 : 4;
  const get = (bytes: Uint8Array, at: number, length: number): number => {
    if (length === 2) return view(bytes).getUint16(at, isLittle);
    if (length === 4) return view(bytes).getUint32(at, isLittle);
    return Number(view(bytes).getBigUint64(at, isLittle));
  };
  const set = (bytes: Uint8Array, at: number, length: number, value: number): void => {
    if (length === 2) view(bytes).setUint16(at, value, isLittle);
    else if (length === 4) view(bytes).setUint32(at, value, isLittle);
    else view(bytes).setBigUint64(at, BigInt(value), isLittle);
  };
  return {
    isBig,
    wordBytes,
    headerBytes: isBig ? 16 : 8,
    firstOffset: isBig ? 8 : 4,
    countBytes: isBig ? 8 : 2,
    entryBytes: 4 + 2 * wordBytes,
    get,
    set,
    setDouble: (bytes: Uint8Array, at: number, value: number) =>
      view(bytes).setFloat64(at, value, isLittle),
    entry: (tag: number, type: number, count: number, offset: number): Uint8Array => {
      const bytes = new Uint8Array(4 + 2 * wordBytes);
      set(bytes, 0, 2, tag);
      set(bytes, 2, 2, type);
      set(bytes, 4, wordBytes, count);
      set(bytes, 4 + wordBytes, wordBytes, offset);
      return bytes;
    },
  };
}
