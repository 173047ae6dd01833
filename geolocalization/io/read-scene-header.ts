import type { GeoTIFFImage } from 'geotiff';
import sharp from 'sharp';
import type { GroundControl } from '../../contracts/scene-placement.ts';
import { affineFromTags } from '../model/affine.ts';
import { type BandWavelengths, wavelengthsIn } from '../model/band-wavelengths.ts';
import { parseRpcTag } from '../model/rpc/rpc-tag.ts';
import { UnreadableRpc } from '../model/rpc/rational-polynomials.ts';
import { type SceneHeader, silentHeader, type StatedCrs } from '../model/scene-header.ts';
import { definitionByKeys } from '../model/geo-key-definition.ts';
import { definitionIn, unitWithoutSize } from '../model/stated-definition.ts';
import { MAGIC_BYTES, type SceneFormat, sceneFormatOf } from '../model/scene-format.ts';
import { type ByteSource, inBlocks, openFileSource } from '../../platform/byte-source.ts';
import { DownloadFailed, DownloadRefused } from '../../platform/download-failures.ts';
import { exifPoint } from './exif-point.ts';
import { openTiff } from './open-tiff.ts';
import { checkFirstDirectory, ImplausibleDirectory } from './tiff-directory.ts';

/** A header that takes longer is made to take long, or comes over a network that is none. */
const FILE_TIMEOUT_MS = 10_000;
const NETWORK_TIMEOUT_MS = 120_000;
/** Pixels per side: no sensor makes more, but damaged headers claim it. */
const MAX_SIDE = 1_000_000;
const MAX_BANDS = 65_535;
const RPC_TAG = 50844;
const GDAL_METADATA_TAG = 42112;
const LUMINANCE_AND_COLORS = 6;
const USER_DEFINED = 32767;
const PIXEL_IS_POINT = 2;
/** Values of GTModelType. */
const PROJECTED = 1;
const GEOGRAPHIC = 2;
const MAX_NAME = 80;

/** The file is not one whose header can be read; the message is the rest of a sentence. */
export class UnreadableHeader extends Error {}

/**
 * Reads size and georeference from the tags of a TIFF. Of other formats only the size is read: they carry
 * no georeference, or one that this version does not know.
 *
 * @throws {UnreadableHeader}
 */
export async function readSceneHeader(path: string): Promise<SceneHeader> {
  const source = inBlocks(await openFileSource(path));
  try {
    const format = await formatOf(source);
    if (format !== 'tiff') return await readPicture(path, format);
    return await readTiffHeader(source, FILE_TIMEOUT_MS);
  } finally {
    await source.close();
  }
}

/** The same of a file elsewhere, of which only the header is read: a TIFF. */
export async function readHeaderAfar(whole: ByteSource): Promise<SceneHeader> {
  const source = inBlocks(whole);
  const format = await formatOf(source);
  if (format === 'tiff') return readTiffHeader(source, NETWORK_TIMEOUT_MS);
  throw new UnreadableHeader(
    `as it is a ${format.toUpperCase()} file: over the network only parts of TIFF files are read`,
  );
}

async function readTiffHeader(source: ByteSource, timeoutMs: number): Promise<SceneHeader> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  try {
    return await Promise.race([
      checkFirstDirectory(source).then(() => readTiff(source, limit.signal)),
      new Promise<never>((_resolve, reject) => {
        limit.signal.addEventListener('abort', () =>
          reject(new UnreadableHeader('as reading its header takes too long')),
        );
      }),
    ]);
  } catch (error) {
    if (error instanceof UnreadableHeader) throw error;
    if (error instanceof ImplausibleDirectory) throw new UnreadableHeader(error.message);
    // What the network did is no fault of the file.
    if (error instanceof DownloadFailed || error instanceof DownloadRefused) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnreadableHeader(`as its TIFF header is damaged: ${reason}`);
  } finally {
    clearTimeout(timer);
  }
}

async function readPicture(
  path: string,
  format: Exclude<SceneFormat, 'tiff'>,
): Promise<SceneHeader> {
  if (format === 'jp2') {
    const warning = 'the header of a JPEG 2000 file is not read by this version';
    return { ...silentHeader, warnings: [warning] };
  }
  try {
    // Only the header is read, so its claims cost nothing.
    const { width, height, channels, exif } = await sharp(path, {
      limitInputPixels: false,
    }).metadata();
    return { ...silentHeader, width, height, bands: channels, point: exifPoint(exif) };
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new UnreadableHeader(`as its ${format.toUpperCase()} header is damaged: ${reason}`);
  }
}

async function readTiff(source: ByteSource, signal: AbortSignal): Promise<SceneHeader> {
  const tiff = await openTiff(source, signal);
  const image = await tiff.getImage();
  const { fileDirectory } = image;
  const [width, height] = [image.getWidth(), image.getHeight()];
  if (!isCount(width, MAX_SIDE) || !isCount(height, MAX_SIDE)) {
    throw new UnreadableHeader(
      `as its header states an impossible size: ${width} x ${height} pixels`,
    );
  }
  const load = async (tag: number): Promise<number[] | null> =>
    fileDirectory.hasTag(tag)
      ? Array.from((await fileDirectory.loadValue(tag)) as ArrayLike<number>, Number)
      : null;
  const keys = image.getGeoKeys() ?? {};
  const [pixelScale, tiepoints, transformation] = [
    await load(33550),
    await load(33922),
    await load(34264),
  ];
  const bands = image.getSamplesPerPixel();
  const transform = affineFromTags({
    pixelScale,
    tiepoints,
    transformation,
    isPixelPoint: keys.GTRasterTypeGeoKey === PIXEL_IS_POINT,
  });
  return {
    ...silentHeader,
    width,
    height,
    bands: isCount(bands, MAX_BANDS) ? bands : null,
    wavelengths: isCount(bands, MAX_BANDS) ? await wavelengthsOf(image) : null,
    transform,
    hasFlatTransform: transform === null && (hasScale(pixelScale) || transformation !== null),
    crs: statedCrs(keys),
    ...rpcOf(await load(RPC_TAG)),
    groundControl:
      transform === null
        ? controlIn(tiepoints ?? [], keys.GTRasterTypeGeoKey === PIXEL_IS_POINT)
        : [],
    nodata: image.getGDALNoData(),
  };
}

/** None of a JPEG inside whose samples are brightness and two colors: those are no bands of a sensor. */
async function wavelengthsOf(image: GeoTIFFImage): Promise<BandWavelengths | null> {
  const { fileDirectory } = image;
  if (fileDirectory.getValue('PhotometricInterpretation') === LUMINANCE_AND_COLORS) return null;
  if (!fileDirectory.hasTag(GDAL_METADATA_TAG)) return null;
  const metadata: unknown = await fileDirectory.loadValue(GDAL_METADATA_TAG);
  return typeof metadata === 'string' ? wavelengthsIn(metadata, image.getSamplesPerPixel()) : null;
}

/** Zeros stand there for none, beside control points. */
function hasScale(pixelScale: readonly number[] | null): boolean {
  return pixelScale?.some((size) => size !== 0) === true;
}

function rpcOf(values: number[] | null): Pick<SceneHeader, 'rpc' | 'rpcFaults'> {
  if (values === null) return { rpc: null, rpcFaults: [] };
  try {
    return { rpc: { model: parseRpcTag(values), source: 'tag' }, rpcFaults: [] };
  } catch (error) {
    if (error instanceof UnreadableRpc) return { rpc: null, rpcFaults: [error.message] };
    throw error;
  }
}

/** Six numbers a point: column, row, depth, X, Y, Z. */
function controlIn(tiepoints: readonly number[], isPixelPoint: boolean): GroundControl[] {
  const half = isPixelPoint ? 0.5 : 0;
  const points: GroundControl[] = [];
  for (let at = 0; at + 6 <= tiepoints.length; at += 6) {
    const [column, row, , x, y] = tiepoints.slice(at, at + 6) as [
      number,
      number,
      number,
      number,
      number,
    ];
    points.push({ column: column + half, row: row + half, x, y });
  }
  return points;
}

/** A damaged tag may hold a text, a list or a fraction where a number is due. */
function isCount(value: unknown, limit: number): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= limit;
}

type GeoKeys = NonNullable<ReturnType<GeoTIFFImage['getGeoKeys']>>;

/** A projected model without a projected code is not in degrees, whatever its geographic code is. */
function codeOf(keys: GeoKeys): unknown {
  if (keys.GTModelTypeGeoKey === PROJECTED) return keys.ProjectedCSTypeGeoKey;
  if (keys.GTModelTypeGeoKey === GEOGRAPHIC) return keys.GeographicTypeGeoKey;
  return keys.ProjectedCSTypeGeoKey ?? keys.GeographicTypeGeoKey;
}

function statedCrs(keys: GeoKeys): StatedCrs {
  const code = codeOf(keys);
  const citation =
    keys.PCSCitationGeoKey ?? keys.GTCitationGeoKey ?? keys.GeogCitationGeoKey ?? null;
  const name = typeof citation === 'string' ? shortName(citation) : null;
  if (typeof code === 'number' && code > 0 && code !== USER_DEFINED) return { kind: 'epsg', code };
  const definition =
    (typeof citation === 'string' ? definitionIn(citation) : null) ?? definitionByKeys(keys);
  if (definition !== null && unitWithoutSize(definition) === null) {
    return { kind: 'definition', definition, name };
  }
  if (code === USER_DEFINED || keys.GTModelTypeGeoKey !== undefined)
    return { kind: 'user-defined', name };
  return { kind: 'none' };
}

/** The name inside a definition that was stuffed into the citation, else the citation itself. */
function shortName(citation: string): string {
  const inner = /(?:PROJCS|GEOGCS)\["([^"]+)"/.exec(citation)?.[1];
  return (inner ?? citation.replace(/\|$/, '')).slice(0, MAX_NAME);
}

async function formatOf(source: ByteSource): Promise<SceneFormat> {
  const start = await source.read(0, MAGIC_BYTES);
  if (start.length < 4) {
    throw new UnreadableHeader(
      start.length === 0 ? 'as it is empty' : 'as it has only a few bytes',
    );
  }
  const format = sceneFormatOf(start);
  if (format === null) {
    throw new UnreadableHeader('as it is no TIFF, JPEG, PNG, WebP or JPEG 2000 file');
  }
  return format;
}
