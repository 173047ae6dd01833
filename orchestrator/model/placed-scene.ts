import type { SceneLocation } from '../../contracts/geolocalization.ts';
import type { ScenePlacement } from '../../contracts/scene-placement.ts';
import type { SceneRegistration } from '../../contracts/scene-registration.ts';

/** A scene with the place that maps and catalogs show. */
export interface PlacedScene {
  shown: SceneLocation;
  /** Whether that is the corrected place, as a search has found it. */
  isFound: boolean;
  /** What it states itself, when that is somewhere else; null when it is what is shown, or there is none. */
  stated: SceneLocation | null;
}

/**
 * The place of a scene that maps and catalogs show: its own, or the one that a search has found, of a scene
 * that states none or a wrong one.
 */
export function placedScene(
  scene: SceneLocation,
  registration: SceneRegistration | null,
): PlacedScene {
  const own = { shown: scene, isFound: false, stated: null };
  const { correctedFootprint, correctedPlace } = registration ?? {};
  if (registration === null || !correctedFootprint) return own;
  const isElsewhere =
    registration.findings?.some(({ code }) => code === 'STATED_PLACE_WRONG') === true;
  if (scene.footprint !== null && !isElsewhere) return own;
  const { gsdAtCorners: _stated, ...rest } = scene;
  const shown: SceneLocation = {
    ...rest,
    ...correctedPlace,
    ...foundGeoreference(scene, registration),
    footprint: correctedFootprint,
    // Its pixels with data were outlined at the place that it states.
    validFootprint: null,
  };
  return { shown, isFound: true, stated: scene.footprint === null ? null : scene };
}

/** Of a scene with a sensor model the model stays, as its correction is a shift in its own pixels. */
function foundGeoreference(
  { placement }: SceneLocation,
  { grid, correctedTransform, correctedControl, correctedMap }: SceneRegistration,
): Partial<Pick<SceneLocation, 'crs' | 'geotransform' | 'placement'>> {
  const map = correctedMap ?? grid?.map;
  if (map === undefined) return {};
  const crs = 'epsg' in map ? `EPSG:${map.epsg}` : null;
  if (correctedTransform !== null) {
    const found: ScenePlacement = {
      kind: 'affine',
      source: 'search',
      transform: correctedTransform,
      map,
    };
    return { crs, geotransform: correctedTransform, placement: found };
  }
  if (correctedControl === undefined || placement?.kind !== 'control') return {};
  return { crs, placement: { ...placement, ...correctedControl, map } };
}
