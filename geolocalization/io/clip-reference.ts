import { Readable } from 'node:stream';
import { mediaTypes } from '../../contracts/artifacts.ts';
import { UnsupportedImage } from '../../contracts/failures.ts';
import type { ReferenceCatalogue, SceneLocation } from '../../contracts/geolocalization.ts';
import type { ReferenceFile } from '../../contracts/scene-registration.ts';
import type { PixelWindow } from '../../maths/raster.ts';
import { isGeographic } from '../../platform/coordinate-systems.ts';
import { type Geotransform, toMap } from '../model/affine.ts';
import { bandsToCompare } from '../model/registration/bands-to-compare.ts';
import { columnsAround, onOneSide } from '../model/registration/seam.ts';
import { tilesOf } from '../model/tiled-tiff.ts';
import { asReferenceFile, statedErrorIn } from './catalogue-references.ts';
import { chooseLevel } from './choose-level.ts';
import type { NeededGround } from './overlapping-files.ts';
import { fetchMaskAfar, openMaskAfar } from './masks-afar.ts';
import { openGeometry } from './open-geometry.ts';
import { openSource } from './open-source.ts';
import { fetchReference, type ReferenceStorage } from './store-reference.ts';
import { openTiffFile, type TiffFile } from './tiff-file.ts';
import type { TiffLevel } from './tiff-level.ts';
import { UnreadablePixels } from './unreadable-pixels.ts';
import { tiledTiff } from './write-tiled-tiff.ts';

/** Share of a scene's size that is read around it, for the windows at its edges. */
const MARGIN = 0.05;
/** Pixels that are read around it at least. */
const LEAST_MARGIN = 64;
/** A block, tile or strip, that is decoded at once; files of larger ones are fetched whole. */
const MAX_BLOCK_BYTES = 256e6;

type PlacedEntry = ReferenceCatalogue['entries'][number] & { header: SceneLocation };

/**
 * The part of a reference elsewhere that a scene needs, as a file of the store: of a cloud-optimized
 * GeoTIFF only the tiles under the scene are read, from an overview when the scene is coarser.
 *
 * @returns null when they do not overlap.
 * @throws {UnsupportedImage} when the part is too large, {DownloadRefused} and {DownloadFailed} as the network says.
 */
export async function clipReference(
  entry: PlacedEntry,
  needed: NeededGround,
  storage: ReferenceStorage,
): Promise<ReferenceFile | null> {
  const { header, location } = entry;
  if (header.placement?.kind !== 'affine') return null;
  const { transform, map } = header.placement;
  const part = await partOf(header, needed);
  if (part === null) return null;
  const source = await openSource(location, { ...storage.network, onProgress: storage.beat });
  const unreadable = (error: unknown) => {
    if (!(error instanceof UnreadablePixels)) throw error;
    throw new UnsupportedImage(
      `Cannot use "${source.shown}" as a reference as its pixels cannot be read: ${error.message}`,
    );
  };
  const mask = (await openMaskAfar(location, sizeOf(header), storage)) ?? undefined;
  const told = { canSkip: false, mask, nodata: header.nodata };
  const tiff = await openTiffFile(source, told).catch(unreadable);
  if (!isReadInParts(tiff)) return fetchedWhole(entry, storage);
  const level = await chooseLevel(tiff, part, ratioOf(header, part, needed)).catch(unreadable);
  const [full] = tiff.levels;
  const scale = { x: full.width / level.width, y: full.height / level.height };
  const window = inLevel(part, level, scale);
  const bands = level.isLuminanceFirst ? [0] : bandsNeeded(header, level.bands, needed);
  const hasAlpha = level.alphaBand !== null || level.mask !== null;
  const design = {
    width: window.width,
    height: window.height,
    ...level.kind!,
    nodata: full.nodata,
    transform: partTransform(transform, window, scale),
    map: null,
    bands: bands.length + (hasAlpha ? 1 : 0),
    hasAlpha,
  };
  const { across, down, tileBytes } = tilesOf(design);
  if (across * down * tileBytes > storage.limitBytes) {
    throw new UnsupportedImage(
      `Cannot use "${source.shown}" as a reference as the part that the scene needs has ${across * down * tileBytes} bytes: raise SKYLOOM_MAX_DOWNLOAD_MEGABYTES above ${Math.round(storage.limitBytes / 1e6)}`,
    );
  }
  const read = async ({ x, y, width, height }: PixelWindow) => {
    storage.beat();
    const part = { x: window.x + x, y: window.y + y, width, height };
    const { bands: values, opacity } = await level.readWithOpacity(part, bands).catch(unreadable);
    return opacity === null ? values : [...values, level.asOwnKind(opacity)];
  };
  const body = Readable.from(tiledTiff(design, read, rowsAtATime(level)), { objectMode: false });
  const file = await storage.store.addStream(storage.runKey, mediaTypes.geoTiff, body);
  return {
    name: entry.name,
    file,
    transform: [...design.transform],
    map,
    width: window.width,
    height: window.height,
    bands: bands.map((_, index) => index),
    ...wavelengthsOf(header, bands),
    part: { ...part, reduction: scale.x },
    ...statedErrorIn(entry),
  };
}

/** A file that no parts are read of, with the mask beside it. */
export async function fetchedWhole(
  entry: PlacedEntry,
  storage: ReferenceStorage,
): Promise<ReferenceFile> {
  const { location, header } = entry;
  const file = asReferenceFile(entry, entry.file ?? (await fetchReference(location, storage)));
  const mask = await fetchMaskAfar(location, sizeOf(header), storage);
  return mask === null ? file : { ...file, mask };
}

/** Those that a plan would choose of the whole file, as it can only choose of what is in the part. */
function bandsNeeded(
  { wavelengths }: SceneLocation,
  bands: number,
  scene: NeededGround,
): readonly number[] {
  const seen = { bands: scene.bands ?? 1, wavelengths: scene.wavelengths };
  return bandsToCompare(seen, { bands, wavelengths }).reference;
}

function wavelengthsOf(
  { wavelengths }: SceneLocation,
  bands: readonly number[],
): Pick<ReferenceFile, 'wavelengths'> {
  return wavelengths === undefined
    ? {}
    : { wavelengths: bands.map((band) => wavelengths[band] ?? null) };
}

function sizeOf({ width, height }: SceneLocation): { width: number; height: number } {
  return { width: width ?? 0, height: height ?? 0 };
}

function isReadInParts({ levels: [full] }: TiffFile): boolean {
  const { kind, block, bands } = full;
  return kind !== null && (block.width * block.height * bands * kind.bits) / 8 <= MAX_BLOCK_BYTES;
}

/** Size of the scene's pixels in those of the reference. */
function ratioOf({ gsd }: SceneLocation, part: PixelWindow, scene: NeededGround): number {
  if (scene.longSide !== undefined) return Math.max(part.width, part.height) / scene.longSide;
  if (gsd === null || scene.gsd === null) return 1;
  return Math.sqrt((scene.gsd.column * scene.gsd.row) / (gsd.column * gsd.row));
}

/** The rectangle of the reference around a scene's outline; null when they share nothing. */
async function partOf(
  { placement, width, height }: SceneLocation,
  { footprint }: NeededGround,
): Promise<PixelWindow | null> {
  if (!placement || width === null || height === null) return null;
  const geometry = await openGeometry(placement, { size: { width, height } });
  if (geometry === null) return null;
  if (footprint === null) return { x: 0, y: 0, width, height };
  const { map, transform } =
    placement.kind === 'affine' ? placement : { map: null, transform: null };
  const seam = map !== null && (await isGeographic(map)) ? columnsAround(transform, width) : null;
  const seen = footprint.coordinates
    .flatMap(([ring = []]) => ring)
    .flatMap(([longitude, latitude]) => geometry.fromGround(longitude, latitude) ?? []);
  const places = onOneSide(seen, seam);
  if (places.length === 0) return null;
  const along = (values: number[], length: number): [start: number, end: number] => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const around = Math.max(LEAST_MARGIN, MARGIN * (most - least));
    return [Math.max(0, Math.floor(least - around)), Math.min(length, Math.ceil(most + around))];
  };
  const [left, right] = along(
    places.map(({ column }) => column),
    width,
  );
  const [top, bottom] = along(
    places.map(({ row }) => row),
    height,
  );
  if (right <= left || bottom <= top) return null;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** From where a block starts, so that few blocks are read twice. */
function inLevel(
  part: PixelWindow,
  level: TiffLevel,
  scale: { x: number; y: number },
): PixelWindow {
  const x = Math.floor(part.x / scale.x);
  const y = Math.floor(part.y / scale.y / level.block.height) * level.block.height;
  const right = Math.min(level.width, Math.ceil((part.x + part.width) / scale.x));
  const bottom = Math.min(level.height, Math.ceil((part.y + part.height) / scale.y));
  return {
    x,
    y: Math.min(y, bottom - 1),
    width: right - x,
    height: bottom - Math.min(y, bottom - 1),
  };
}

function partTransform(
  full: Geotransform,
  window: PixelWindow,
  scale: { x: number; y: number },
): Geotransform {
  const [, a, b, , d, e] = full;
  const [x, y] = toMap(full, window.x * scale.x, window.y * scale.y);
  return [x, a * scale.x, b * scale.y, y, d * scale.x, e * scale.y];
}

/** Whole rows of blocks, as far as they are not too high. */
function rowsAtATime({ block }: TiffLevel): number {
  return block.height >= 2048 ? 0 : block.height;
}
