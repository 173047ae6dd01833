import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { SceneLocation } from '../../contracts/geolocalization.ts';
import type { ScenePlacement } from '../../contracts/scene-placement.ts';
import type { RegistrationPlan } from '../../contracts/scene-registration-plan.ts';
import { outlineOfBox } from '../model/ground-box.ts';
import { placeScene } from '../model/place-scene.ts';
import { openGeometry } from './open-geometry.ts';
import { overlappingFiles } from './overlapping-files.ts';
import { SEARCH_MARGIN, type SearchedScene } from './search-scene.ts';
import type { ReferenceStorage } from './store-reference.ts';
import { planInThread, searchInThread, type ThreadOptions } from './window-threads.ts';

/** West, south, east, north, degrees. */
export type SearchArea = readonly [west: number, south: number, east: number, north: number];

/** Pixels of the longer side of a reference elsewhere that a search needs. */
const LONG_SIDE = 2048;

export interface SearchedElsewhere {
  /** How the scene is compared at the place that was found; null without one. */
  plan: RegistrationPlan | null;
  places: number;
  /** Why there is no plan: the rest of a sentence. */
  fault: string;
}

/**
 * Looks for a scene where it does not say that it lies, and plans the comparison there. Nothing is located
 * by that: the windows decide.
 */
export async function searchElsewhere(
  scene: SceneLocation & { file: ArtifactRef },
  catalogues: {
    reference: ArtifactRef;
    dem: ArtifactRef | null;
    /** For a scene that states no place. */
    searchArea?: SearchArea;
  },
  storage: ReferenceStorage,
  threads: ThreadOptions,
): Promise<SearchedElsewhere> {
  const nothing = (fault: string, places = 0) => ({ plan: null, places, fault });
  const { footprint, gsd } = scene;
  const { searchArea: area } = catalogues;
  const around =
    footprint === null
      ? { footprint: area === undefined ? null : outlineOfBox(area), gsd, longSide: LONG_SIDE }
      : { footprint, gsd, margin: SEARCH_MARGIN, longSide: LONG_SIDE };
  const searched = await overlappingFiles(catalogues.reference, around, storage);
  const [main, ...others] = searched.files;
  if (main === undefined) {
    return nothing(searched.faults[0] ?? 'no file of the reference lies near it');
  }
  const heights =
    catalogues.dem === null || footprint === null
      ? null
      : await overlappingFiles(catalogues.dem, { footprint, gsd, margin: SEARCH_MARGIN }, storage);
  const dem = heights?.files[0] ?? null;
  const found: SearchedScene = await searchInThread(
    { scene, references: [main, ...others], dem, ...(area === undefined ? {} : { area }) },
    threads,
  );
  const { placement, places } = found;
  if (placement === null) return nothing(found.fault, places);
  const moved = await movedScene(scene, placement);
  const overlapping = await overlappingFiles(catalogues.reference, moved, storage);
  const [first, ...more] = overlapping.files;
  if (first === undefined) return nothing('what was found lies beside the reference', places);
  const plan = await planInThread(
    {
      scene: { ...moved, file: scene.file },
      references: [first, ...more],
      dem,
      search: { places, stated: scene.placement ?? null },
    },
    threads,
  );
  return typeof plan === 'string' ? nothing(plan, places) : { plan, places, fault: '' };
}

/** A scene as if it had stated another place. */
async function movedScene(scene: SceneLocation, placement: ScenePlacement): Promise<SceneLocation> {
  const { width, height } = scene;
  const geometry = await openGeometry(placement);
  if (geometry === null || width === null || height === null) return scene;
  return placeScene(
    scene,
    { width, height },
    { words: 'a search', toGround: geometry.toGround, placement, warnings: [], findings: [] },
  );
}
