import { Readable } from 'node:stream';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { RegistrationPlan } from '../../contracts/scene-registration-plan.ts';
import type { PixelWindow, Raster } from '../../maths/raster.ts';
import { resampleRaster } from '../../maths/resample.ts';
import { openFileSource } from '../../platform/byte-source.ts';
import { bothWays, isGeographic } from '../../platform/coordinate-systems.ts';
import { type Geotransform, toMap } from '../model/affine.ts';
import type { MultiPolygon } from '../model/footprint.ts';
import { asMatrix, inverse } from '../model/registration/corrected-geotransform.ts';
import { onLattice, type PixelMapping } from '../model/registration/lattice.ts';
import { displacementAt, type ShiftModel } from '../model/registration/shift-model.ts';
import type { TiledTiffDesign } from '../model/tiled-tiff.ts';
import { mappingOf } from './open-pair.ts';
import { openTiffFile } from './tiff-file.ts';
import type { TiffLevel } from './tiff-level.ts';
import type { Samples } from './tiff-numbers.ts';
import { tiledTiff } from './write-tiled-tiff.ts';

/** Pixels of the scene that are decoded at once for a part of the copy: 8 MB a band as numbers. */
const MAX_SOURCE_PIXELS = 1e6;
/** Narrower parts than this are not cut further, however the scene is turned. */
const LEAST_COLUMNS = 64;
/** Pixels that cubic convolution looks at beyond the place itself, and one for rounding. */
const MARGIN = 3;
const NOWHERE = { x: Number.NaN, y: Number.NaN };

/**
 * A copy of a located scene with its pixels resampled (cubic convolution) onto the map of the reference,
 * north up if the reference is, in pixels that divide those of the comparison as the scene's own do. It is
 * made and read in parts, so that its size does not matter.
 *
 * @param footprint of the scene as corrected.
 * @param beat such as a heartbeat; it may throw to stop the work.
 * @returns null for a scene that is no TIFF of numbers of one kind, or whose map cannot be reached.
 */
export async function warpedCopy(
  plan: RegistrationPlan,
  model: ShiftModel,
  footprint: MultiPolygon,
  { pathOf, beat }: { pathOf: (ref: ArtifactRef) => Promise<string>; beat: () => void },
): Promise<Readable | null> {
  const { file, mask: maskFile, nodata } = plan.target;
  const source = await openFileSource(await pathOf(file));
  const mask = maskFile === undefined ? undefined : await openFileSource(await pathOf(maskFile));
  const close = async () => {
    await source.close();
    await mask?.close();
  };
  const tiff = await openTiffFile(source, { canSkip: true, mask, nodata }).catch(() => null);
  const frame = await frameOf(plan, footprint);
  const [full] = tiff?.levels ?? [];
  if (full === undefined || full.kind === null || frame === null) {
    await close();
    return null;
  }
  const stated = await mappingOf(plan, pathOf);
  const { map } = plan.grid;
  const named = 'epsg' in map ? { epsg: map.epsg, isGeographic: await isGeographic(map) } : null;
  const { design, finish } = outputOf(full, { ...frame, map: named });
  const mapping: PixelMapping = (x, y) => {
    const [a, b] = [
      frame.left + (x + 0.5) / frame.parts - 0.5,
      frame.top + (y + 0.5) / frame.parts - 0.5,
    ];
    const off = displacementAt(model, { x: a, y: b });
    return stated(a + off.x, b + off.y);
  };
  const read = async (window: PixelWindow): Promise<Samples[]> => {
    const whole = finish.empty(window.width * window.height);
    for (const part of partsOf(window, mapping)) {
      beat();
      await fillPart(full, { window, part, mapping, whole, finish });
    }
    return whole;
  };
  const chunks = tiledTiff(design, read);
  return Readable.from(closing(chunks, close), { objectMode: false });
}

interface Frame {
  width: number;
  height: number;
  transform: Geotransform;
  /** Where it starts, in pixels of the comparison's grid, and how many of its pixels make one of those. */
  left: number;
  top: number;
  parts: number;
}

/** The rectangle of the reference's map that holds a footprint. */
async function frameOf(
  { grid, target }: RegistrationPlan,
  footprint: MultiPolygon,
): Promise<Frame | null> {
  const ways = await bothWays(grid.map);
  if (ways === null) return null;
  const [a, b, c, d, e, f] = inverse(asMatrix(grid.transform));
  const places = footprint.coordinates.flatMap(([ring = []]) =>
    ring.flatMap(([longitude, latitude]) => {
      const place = ways.fromGround(longitude, latitude);
      return place === null
        ? []
        : [{ x: a * place[0] + b * place[1] + c, y: d * place[0] + e * place[1] + f }];
    }),
  );
  if (places.length < 3) return null;
  const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
  const [left, top] = [Math.floor(Math.min(...xs)), Math.floor(Math.min(...ys))];
  const [right, bottom] = [Math.ceil(Math.max(...xs)), Math.ceil(Math.max(...ys))];
  const area = areaOf(places);
  const parts = Math.max(
    1,
    Math.round(Math.sqrt((target.width * target.height) / Math.max(1, area))),
  );
  const [, perColumn, perRow, , downColumn, downRow] = grid.transform;
  const [x, y] = toMap(grid.transform, left, top);
  return {
    width: (right - left) * parts,
    height: (bottom - top) * parts,
    transform: [x, perColumn / parts, perRow / parts, y, downColumn / parts, downRow / parts],
    left,
    top,
    parts,
  };
}

/** Of a closed outline, by the rule of the shoelace. */
function areaOf(places: readonly { x: number; y: number }[]): number {
  const twice = places.reduce((sum, { x, y }, index) => {
    const next = places[(index + 1) % places.length]!;
    return sum + x * next.y - next.x * y;
  }, 0);
  return Math.abs(twice) / 2;
}

interface Finish {
  /** One array a band, with one for opacity where that says what holds no data. */
  empty: (length: number) => Samples[];
  nodata: number | null;
  /** What says that a pixel holds data, in the last band; null when a value does. */
  opaque: number | null;
  least: number;
  most: number;
  isWhole: boolean;
}

/** Unsigned numbers get a band of opacity where the scene has no value for missing data; others a value. */
function outputOf(
  level: TiffLevel,
  frame: Frame & { map: TiledTiffDesign['map'] },
): { design: TiledTiffDesign; finish: Finish } {
  const { format, bits } = level.kind!;
  const isUnsigned = format === 1;
  const hasAlpha = level.alphaBand === null && level.nodata === null && isUnsigned;
  const nodata =
    level.nodata ?? (isUnsigned ? null : format === 2 ? -(2 ** (bits - 1)) : Number.NaN);
  const bands = level.bands + (hasAlpha ? 1 : 0);
  const most = format === 1 ? 2 ** bits - 1 : 2 ** (bits - 1) - 1;
  const { width, height, transform, map } = frame;
  return {
    design: {
      width,
      height,
      transform,
      map,
      bands,
      format,
      bits,
      nodata,
      isColor: level.bands >= 3 && isUnsigned && !level.isLuminanceFirst,
      hasAlpha: hasAlpha || level.alphaBand === level.bands - 1,
    },
    finish: {
      empty: (length) =>
        Array.from({ length: bands }, () => level.arrayOf(length).fill(nodata ?? 0)),
      nodata,
      opaque: hasAlpha ? most : null,
      least: format === 1 ? 0 : format === 2 ? -(2 ** (bits - 1)) : -Infinity,
      most: format === 3 ? Infinity : most,
      isWhole: format !== 3,
    },
  };
}

/** Columns of a window that each look at few enough pixels of the scene. */
function partsOf(window: PixelWindow, mapping: PixelMapping): PixelWindow[] {
  const seen = boxOf(window, mapping);
  const isSmall = seen !== null && seen.width * seen.height <= MAX_SOURCE_PIXELS;
  if (isSmall || window.width <= LEAST_COLUMNS) return [window];
  const half = Math.ceil(window.width / 2);
  return [
    ...partsOf({ ...window, width: half }, mapping),
    ...partsOf({ ...window, x: window.x + half, width: window.width - half }, mapping),
  ];
}

/** The pixels of the scene that a window looks at; null when it looks at none. */
function boxOf({ x, y, width, height }: PixelWindow, mapping: PixelMapping): PixelWindow | null {
  const places = Array.from({ length: 25 }, (_, index) =>
    mapping(x + ((index % 5) / 4) * (width - 1), y + (Math.floor(index / 5) / 4) * (height - 1)),
  ).filter((place) => place !== null);
  if (places.length === 0) return null;
  const [xs, ys] = [places.map((place) => place.x), places.map((place) => place.y)];
  const [left, top] = [Math.floor(Math.min(...xs)) - MARGIN, Math.floor(Math.min(...ys)) - MARGIN];
  return {
    x: left,
    y: top,
    width: Math.ceil(Math.max(...xs)) + MARGIN + 1 - left,
    height: Math.ceil(Math.max(...ys)) + MARGIN + 1 - top,
  };
}

async function fillPart(
  level: TiffLevel,
  work: {
    window: PixelWindow;
    part: PixelWindow;
    mapping: PixelMapping;
    whole: Samples[];
    finish: Finish;
  },
): Promise<void> {
  const { window, part, mapping, whole, finish } = work;
  const box = boxOf(part, mapping);
  if (box === null) return;
  const x = Math.max(0, box.x);
  const y = Math.max(0, box.y);
  const width = Math.min(level.width, box.x + box.width) - x;
  const height = Math.min(level.height, box.y + box.height) - y;
  if (width <= 0 || height <= 0) return;
  const bands = Array.from({ length: level.bands }, (_, band) => band);
  const source = { x, y, width, height };
  const decoded = await level.read(source, bands);
  const mask = (await level.mask?.read(source, [0]))?.[0];
  const knowsGaps = level.nodata !== null || mask !== undefined;
  const lattice = onLattice(mapping, part);
  for (const [band, values] of decoded.entries()) {
    const isData = (value: number, pixel: number) =>
      value === level.nodata || mask?.[pixel] === 0 ? 0 : 1;
    const valid = knowsGaps ? Uint8Array.from(values, isData) : null;
    const raster: Raster = { width, height, values: Float64Array.from(values), valid };
    const seen = resampleRaster(raster, part, (column, row) => {
      const place = lattice(part.x + column, part.y + row);
      return place === null ? NOWHERE : { x: place.x - x, y: place.y - y };
    });
    const opacity = finish.opaque === null ? undefined : whole.at(-1);
    for (let row = 0; row < part.height; row++) {
      const start = (part.y - window.y + row) * window.width + part.x - window.x;
      for (let column = 0; column < part.width; column++) {
        const from = row * part.width + column;
        if (seen.valid![from] === 0) continue;
        whole[band]![start + column] = within(seen.values[from]!, finish);
        if (opacity !== undefined) opacity[start + column] = finish.opaque!;
      }
    }
  }
}

/** Cubic convolution overshoots at edges: what the numbers of a file cannot hold is cut off. */
function within(value: number, { least, most, isWhole, nodata }: Finish): number {
  const kept = Math.min(most, Math.max(least, isWhole ? Math.round(value) : value));
  // Ground that happens to come out as the value for no ground stays ground.
  if (kept === nodata) return kept < most ? kept + 1 : kept - 1;
  return kept;
}

async function* closing(
  chunks: AsyncGenerator<Uint8Array>,
  close: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } finally {
    await close();
  }
}
