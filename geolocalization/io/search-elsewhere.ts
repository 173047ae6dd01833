import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { SceneLocation } from '../../contracts/geolocalization.ts';
import type { ScenePlacement } from '../../contracts/scene-placement.ts';
import type { RegistrationPlan } from '../../contracts/scene-registration-plan.ts';
import type { ReferenceFile } from '../../contracts/scene-registration.ts';
import type { MultiPolygon } from '../model/footprint.ts';
import {
  type Box,
  boxOf,
  isWithin,
  outlineOfBox,
  partsOfBox,
  widenedOutline,
  widthIn,
} from '../model/ground-box.ts';
import { placeScene } from '../model/place-scene.ts';
import { MAX_REFERENCES } from '../model/registration/choose-references.ts';
import { openGeometry } from './open-geometry.ts';
import { catalogueExtent, type OverlappingFiles, overlappingFiles } from './overlapping-files.ts';
import { SEARCH_MARGIN } from './search-around.ts';
import type { ReferenceStorage } from './store-reference.ts';
import { UnreadablePixels } from './unreadable-pixels.ts';
import { planInThread, searchInThread, type ThreadOptions } from './window-threads.ts';

/** Pixels of the longer side of a reference elsewhere that a search needs. */
const LONG_SIDE = 2048;
/** Widths of a scene over which it is too small to be found: of windows of a quarter, 2.5 times smaller. */
const MAX_WIDTH = 10;

export interface SearchedElsewhere {
  /** How the scene is compared at the place that was found; null without one. */
  plan: RegistrationPlan | null;
  places: number;
  /** Why there is no plan: the rest of a sentence. */
  fault: string;
}

type KeptScene = SceneLocation & { file: ArtifactRef };

interface Catalogues {
  reference: ArtifactRef;
  dem: ArtifactRef | null;
  /** Where else a scene is looked for; west is greater than east across the antimeridian. */
  searchArea?: Box;
}

/** Where a search is made. */
interface Ground {
  files: OverlappingFiles;
  /** What of the files is searched for a turn; all of them without it. */
  area?: Box;
}

/**
 * Looks for a scene where it does not say that it lies, and plans the comparison there. Nothing is located
 * by that: the windows decide.
 *
 * One that states a place is looked for around it: by shift, then at any turn and scale; then, as one that
 * states nothing, at any turn and scale in the area that the request names, or else in the whole reference
 * when that is not too wide to find it in. Far from every reference it is looked for only where the request
 * says.
 */
export async function searchElsewhere(
  scene: KeptScene,
  catalogues: Catalogues,
  storage: ReferenceStorage,
  threads: ThreadOptions,
): Promise<SearchedElsewhere> {
  const { footprint, gsd, bands, wavelengths } = scene;
  const { reference, searchArea } = catalogues;
  const dem = await heightsAround(scene, catalogues, storage);
  let [places, fault] = [0, ''];
  const filesAt = (outline: MultiPolygon | null) =>
    overlappingFiles(
      reference,
      { footprint: outline, gsd, bands, wavelengths, longSide: LONG_SIDE },
      storage,
    );
  const plan = (await around()) ?? (await wherever());
  return { plan, places, fault: plan === null ? fault : '' };

  async function around(): Promise<RegistrationPlan | null> {
    if (footprint === null) return null;
    const outline = widenedOutline(footprint, SEARCH_MARGIN);
    const near = { files: await filesAt(outline), area: boxOf(outline)! };
    return (await look('shift', near)) ?? (await lookIn(boxOf(outline)!));
  }

  async function wherever(): Promise<RegistrationPlan | null> {
    if (searchArea !== undefined) {
      return lookIn(searchArea);
    }
    if (footprint === null) return look('turn', { files: await filesAt(null) });
    const whole = await catalogueExtent(reference, storage);
    const isSearched =
      places > 0 && isWithin(whole.outline, widenedOutline(footprint, SEARCH_MARGIN));
    if (isSearched) return null;
    const isSmall = whole.files <= MAX_REFERENCES && widthIn(footprint, whole.outline) <= MAX_WIDTH;
    if (places > 0 && isSmall) return look('turn', { files: await filesAt(null) });
    fault = `${fault}: name a \`searchArea\` to look for it farther from where it states`;
    return null;
  }

  /** In an area that the antimeridian cuts as in one; then on either side, where a map ends there. */
  async function lookIn(area: Box): Promise<RegistrationPlan | null> {
    const parts = partsOfBox(area);
    let plan = await look('turn', { files: await filesAt(outlineOfBox(area)), area });
    for (const part of parts.length > 1 ? parts : []) {
      plan ??= await look('turn', { files: await filesAt(outlineOfBox(part)), area: part });
    }
    return plan;
  }

  async function look(way: 'shift' | 'turn', { files, area }: Ground) {
    const [main, ...others] = files.files;
    if (main === undefined) {
      fault ||= files.faults[0] ?? 'no file of the reference lies near it';
      return null;
    }
    const pair = { scene, references: [main, ...others], dem, way } as const;
    const found = await searchInThread(
      area === undefined ? pair : { ...pair, area },
      threads,
    ).catch((error: unknown) => ({ placement: null, places: 0, fault: faultOf(error) }));
    places += found.places;
    fault = withLeftOut(found.fault, files);
    if (found.placement === null) return null;
    const at = { scene, catalogues, dem, places };
    const planned = await planAt(found.placement, at, storage, threads);
    if (typeof planned !== 'string') return planned;
    fault = planned;
    return null;
  }
}

/** Of many files only some can be read as one. */
function withLeftOut(fault: string, { files, leftOut }: OverlappingFiles): string {
  if (fault === '' || leftOut === 0) return fault;
  return `${fault}, in ${files.length} of ${files.length + leftOut} files: as one reference ${MAX_REFERENCES} can be read, so name a \`searchArea\` in which no more lie`;
}

async function heightsAround(
  { footprint, gsd }: SceneLocation,
  { dem }: Catalogues,
  storage: ReferenceStorage,
): Promise<ReferenceFile | null> {
  if (dem === null || footprint === null) return null;
  const around = { footprint, gsd, margin: SEARCH_MARGIN };
  return (await overlappingFiles(dem, around, storage)).files[0] ?? null;
}

/** @returns the rest of a sentence when nothing can be compared there. */
async function planAt(
  placement: ScenePlacement,
  {
    scene,
    catalogues,
    dem,
    places,
  }: { scene: KeptScene; catalogues: Catalogues; dem: ReferenceFile | null; places: number },
  storage: ReferenceStorage,
  threads: ThreadOptions,
): Promise<RegistrationPlan | string> {
  const moved = await movedScene(scene, placement);
  const overlapping = await overlappingFiles(catalogues.reference, moved, storage);
  const [first, ...more] = overlapping.files;
  if (first === undefined) return 'what was found lies beside the reference';
  return planInThread(
    {
      scene: { ...moved, file: scene.file },
      references: [first, ...more],
      dem,
      search: { places, stated: scene.placement ?? null },
    },
    threads,
  ).catch(faultOf);
}

/** What is wrong with a damaged file; other errors go on. */
function faultOf(error: unknown): string {
  if (error instanceof UnreadablePixels) return error.message;
  throw error;
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
