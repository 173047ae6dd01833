import type { ScenePlacement } from '../../contracts/scene-placement.ts';
import { bothWays, isGeographic } from '../../platform/coordinate-systems.ts';
import type { Terrain } from '../model/rpc/locate-on-terrain.ts';
import {
  affineGeometry,
  controlGeometry,
  rpcGeometry,
  type SceneGeometry,
} from '../model/scene-geometry.ts';

const TURN_DEGREES = 360;

/**
 * How a scene lies on the ground; null when its map is not understood here.
 *
 * @param options.size of the scene: with it one whose degrees go on beyond 180 is found from both sides.
 */
export async function openGeometry(
  placement: ScenePlacement,
  {
    terrain,
    size,
  }: { terrain?: Terrain | undefined; size?: { width: number; height: number } } = {},
): Promise<SceneGeometry | null> {
  if (placement.kind === 'rpc') {
    return rpcGeometry(placement.model, placement.heightMeters, terrain);
  }
  const ways = await bothWays(placement.map);
  if (ways === null) return null;
  const period = (await isGeographic(placement.map)) ? TURN_DEGREES : undefined;
  const map = { ...ways, period };
  return placement.kind === 'control'
    ? controlGeometry(placement.model, placement.points, map)
    : affineGeometry(placement.transform, map, size);
}
