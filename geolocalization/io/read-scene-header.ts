import { open } from 'node:fs/promises';
import { fromFile, type GeoTIFFImage } from 'geotiff';
import { affineFromTags } from '../model/affine.ts';
import type { SceneHeader, StatedCrs } from '../model/scene-verdict.ts';

/** A header that takes longer is made to take long. */
const TIMEOUT_MS = 10_000;
/** Pixels per side: no sensor makes more, but damaged headers claim it. */
const MAX_SIDE = 1_000_000;
const RPC_TAG = 50844;
const USER_DEFINED = 32767;
const PIXEL_IS_POINT = 2;
const MAX_NAME = 80;

/** The file is not one whose header can be read; the message is the rest of a sentence. */
export class UnreadableHeader extends Error {}

/**
 * Reads size and georeference from the tags of a TIFF. Other formats carry none: their size is left to
 * others.
 *
 * @throws {UnreadableHeader}
 */
export async function readSceneHeader(path: string): Promise<SceneHeader> {
  if (!(await isTiff(path))) return withoutGeoreference;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), TIMEOUT_MS);
  try {
    return await Promise.race([
      readTiff(path, limit.signal),
      new Promise<never>((_resolve, reject) => {
        limit.signal.addEventListener('abort', () =>
          reject(new UnreadableHeader('as reading its header takes too long')),
        );
      }),
    ]);
  } catch (error) {
    if (error instanceof UnreadableHeader) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnreadableHeader(`as its TIFF header is damaged: ${reason}`);
  } finally {
    clearTimeout(timer);
  }
}

const withoutGeoreference: SceneHeader = {
  width: null,
  height: null,
  bands: null,
  transform: null,
  crs: { kind: 'none' },
  hasRationalPolynomials: false,
  controlPoints: 0,
  nodata: null,
  warnings: [],
};

async function readTiff(path: string, signal: AbortSignal): Promise<SceneHeader> {
  const tiff = await fromFile(path, signal);
  try {
    const image = await tiff.getImage();
    const { fileDirectory } = image;
    const [width, height] = [image.getWidth(), image.getHeight()];
    if (!(width >= 1 && height >= 1 && width <= MAX_SIDE && height <= MAX_SIDE)) {
      throw new UnreadableHeader(
        `as its header states an impossible size: ${width} x ${height} pixels`,
      );
    }
    const load = async (tag: number): Promise<number[] | null> =>
      fileDirectory.hasTag(tag)
        ? Array.from((await fileDirectory.loadValue(tag)) as ArrayLike<number>)
        : null;
    const keys = image.getGeoKeys() ?? {};
    const [pixelScale, tiepoints, transformation] = [
      await load(33550),
      await load(33922),
      await load(34264),
    ];
    const hasOwnTransform = pixelScale !== null || transformation !== null;
    return {
      width,
      height,
      bands: image.getSamplesPerPixel(),
      transform: affineFromTags({
        pixelScale,
        tiepoints,
        transformation,
        isPixelPoint: keys.GTRasterTypeGeoKey === PIXEL_IS_POINT,
      }),
      crs: statedCrs(keys),
      hasRationalPolynomials: fileDirectory.hasTag(RPC_TAG),
      controlPoints: hasOwnTransform ? 0 : (tiepoints?.length ?? 0) / 6,
      nodata: image.getGDALNoData(),
      warnings: [],
    };
  } finally {
    await tiff.close();
  }
}

function statedCrs(keys: NonNullable<ReturnType<GeoTIFFImage['getGeoKeys']>>): StatedCrs {
  const code = keys.ProjectedCSTypeGeoKey ?? keys.GeographicTypeGeoKey;
  const citation =
    keys.PCSCitationGeoKey ?? keys.GTCitationGeoKey ?? keys.GeogCitationGeoKey ?? null;
  const name = typeof citation === 'string' ? shortName(citation) : null;
  if (typeof code === 'number' && code > 0 && code !== USER_DEFINED) return { kind: 'epsg', code };
  if (code === USER_DEFINED || keys.GTModelTypeGeoKey !== undefined)
    return { kind: 'user-defined', name };
  return { kind: 'none' };
}

/** The name inside a definition that was stuffed into the citation, else the citation itself. */
function shortName(citation: string): string {
  const inner = /(?:PROJCS|GEOGCS)\["([^"]+)"/.exec(citation)?.[1];
  return (inner ?? citation.replace(/\|$/, '')).slice(0, MAX_NAME);
}

async function isTiff(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (bytesRead < 4)
      throw new UnreadableHeader(bytesRead === 0 ? 'as it is empty' : 'as it has only a few bytes');
    const magic = buffer.toString('latin1');
    return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(magic);
  } finally {
    await file.close();
  }
}
