import type { SceneLocation } from '../../contracts/geolocalization.ts';
import type { SceneFinding } from '../../contracts/scene-finding.ts';
import { footprintOfPoints } from '../model/footprint.ts';
import type { Terrain } from '../model/rpc/locate-on-terrain.ts';
import { type Corner, validOutline } from '../model/valid-outline.ts';
import { openGeometry } from './open-geometry.ts';
import { type GapsBeside, openRaster } from './read-raster.ts';

/** Cells of the longer side that are looked at. */
const LONG_SIDE = 512;
/** Corners between two of an outline, as a straight line of the scene is a curve on the ground. */
const BETWEEN = 4;

/**
 * A placed TIFF that tells which pixels hold no data (by a value, a band of opacity or a mask), with the
 * outline of those that hold some; another one as it is.
 *
 * @param options.mustKnow whether it is known to tell: then it is said when its pixels cannot be read.
 * @param options.beat such as a heartbeat; it may throw to stop the work.
 */
export async function withValidFootprint(
  scene: SceneLocation,
  path: string,
  {
    terrain,
    beside,
    mustKnow,
    beat,
  }: {
    terrain?: Terrain | undefined;
    beside?: GapsBeside;
    mustKnow: boolean;
    beat: () => void;
  },
): Promise<SceneLocation> {
  const { placement, width, height } = scene;
  if (!placement || width === null || height === null) return scene;
  const geometry = await openGeometry(placement, { terrain });
  if (geometry === null) return scene;
  const factor = Math.ceil(Math.max(width, height) / LONG_SIDE);
  const mask = await readMask([path, beside], factor, beat).catch((error: unknown) => {
    if (!mustKnow) return null;
    // Where a scene lies stands in its header: damaged pixels take nothing from that.
    const reason = error instanceof Error ? error.message : String(error);
    return `the outline of its data is not known as its pixels cannot be read: ${reason}`;
  });
  if (mask === null) return scene;
  if (typeof mask === 'string') return { ...scene, warnings: [...scene.warnings, mask] };
  const outline = validOutline(mask.valid, mask);
  if (outline === null) {
    const message = 'none of its pixels holds data';
    const finding: SceneFinding = { code: 'NO_DATA_AT_ALL', severity: 'error', message };
    return { ...scene, findings: [...(scene.findings ?? []), finding] };
  }
  const points = densified(outline).map(([column, row]) =>
    geometry.toGround(Math.min(width, column * factor), Math.min(height, row * factor)),
  );
  return { ...scene, validFootprint: footprintOfPoints(points).geometry };
}

/** Cells of which at least half hold data; a last one may be cut. Null for a file that does not tell. */
async function readMask(
  paths: [scene: string, beside: GapsBeside | undefined],
  factor: number,
  beat: () => void,
) {
  const reader = await openRaster(...paths);
  try {
    const { width, height, knowsGaps } = reader;
    if (knowsGaps !== true) return null;
    const [columns, rows] = [
      Math.max(1, Math.floor(width / factor)),
      Math.max(1, Math.floor(height / factor)),
    ];
    const window = { x: 0, y: 0, width: columns * factor, height: rows * factor };
    const raster = await reader.read({ window, factor, beat, isRough: true });
    const valid = raster.valid ?? new Uint8Array(raster.width * raster.height).fill(1);
    return { valid, width: raster.width, height: raster.height };
  } finally {
    await reader.close();
  }
}

function densified(corners: readonly Corner[]): Corner[] {
  return corners.flatMap(([x, y], index) => {
    const [nextX, nextY] = corners[(index + 1) % corners.length]!;
    return Array.from({ length: BETWEEN }, (_, step): Corner => {
      const share = step / BETWEEN;
      return [x + share * (nextX - x), y + share * (nextY - y)];
    });
  });
}
