import type { SceneLocation } from '../../contracts/geolocalization.ts';
import type { SceneFinding } from '../../contracts/scene-finding.ts';
import { footprintOfPoints } from '../model/footprint.ts';
import type { Terrain } from '../model/rpc/locate-on-terrain.ts';
import { type Corner, validOutline } from '../model/valid-outline.ts';
import { openGeometry } from './open-geometry.ts';
import { openRaster } from './read-raster.ts';

/** Cells of the longer side that are looked at. */
const LONG_SIDE = 512;
/** Corners between two of an outline, as a straight line of the scene is a curve on the ground. */
const BETWEEN = 4;

/**
 * A placed TIFF that names a value for pixels without data, with the outline of those that hold some.
 *
 * @param options.beat such as a heartbeat; it may throw to stop the work.
 */
export async function withValidFootprint(
  scene: SceneLocation,
  path: string,
  { terrain, beat }: { terrain?: Terrain | undefined; beat: () => void },
): Promise<SceneLocation> {
  const { placement, width, height } = scene;
  if (!placement || width === null || height === null) return scene;
  const geometry = await openGeometry(placement, terrain);
  if (geometry === null) return scene;
  const factor = Math.ceil(Math.max(width, height) / LONG_SIDE);
  const mask = await readMask(path, factor, beat).catch((error: unknown) => {
    // Where a scene lies stands in its header: damaged pixels take nothing from that.
    const reason = error instanceof Error ? error.message : String(error);
    return `the outline of its data is not known as its pixels cannot be read: ${reason}`;
  });
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

/** Cells of which at least half hold data; a last one may be cut. */
async function readMask(path: string, factor: number, beat: () => void) {
  const reader = await openRaster(path);
  try {
    const { width, height } = reader;
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
