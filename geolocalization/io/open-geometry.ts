import type { ScenePlacement } from '../../contracts/scene-placement.ts';
import { bothWays } from '../../platform/coordinate-systems.ts';
import type { Terrain } from '../model/rpc/locate-on-terrain.ts';
import {
  affineGeometry,
  controlGeometry,
  rpcGeometry,
  type SceneGeometry,
} from '../model/scene-geometry.ts';

/** How a scene lies on the ground; null when its map is not understood here. */
export async function openGeometry(
  placement: ScenePlacement,
  terrain?: Terrain,
): Promise<SceneGeometry | null> {
  if (placement.kind === 'rpc') {
    return rpcGeometry(placement.model, placement.heightMeters, terrain);
  }
  const ways = await bothWays(placement.map);
  if (ways === null) return null;
  return placement.kind === 'control'
    ? controlGeometry(placement.model, placement.points, ways)
    : affineGeometry(placement.transform, ways);
}
