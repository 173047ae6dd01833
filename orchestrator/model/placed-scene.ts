import type { SceneLocation } from '../../contracts/geolocalization.ts';
import type { SceneRegistration } from '../../contracts/scene-registration.ts';

/**
 * A scene with the place that maps and catalogs show: its own, or, where it states none, the one that a
 * search has found.
 */
export function placedScene(
  scene: SceneLocation,
  registration: SceneRegistration | null,
): SceneLocation {
  if (scene.footprint !== null || registration === null) return scene;
  const { grid, correctedTransform, correctedFootprint } = registration;
  if (grid === null || correctedTransform === null || !correctedFootprint) return scene;
  const map = registration.correctedMap ?? grid.map;
  return {
    ...scene,
    footprint: correctedFootprint,
    crs: 'epsg' in map ? `EPSG:${map.epsg}` : null,
    geotransform: correctedTransform,
    placement: { kind: 'affine', source: 'search', transform: correctedTransform, map },
  };
}
