import type { ScenePlacement } from '../../contracts/scene-placement.ts';
import type { RegistrationPlan } from '../../contracts/scene-registration-plan.ts';
import { canonicalJson } from '../../maths/canonical-json.ts';
import { bothWays } from '../../platform/coordinate-systems.ts';
import { chosenBands } from '../model/registration/chosen-bands.ts';
import { asMatrix, inverse } from '../model/registration/corrected-geotransform.ts';
import { fitGeotransform, type MappedPlace } from '../model/registration/fit-geotransform.ts';
import { SEARCH_SIDE, searchTurns } from '../model/registration/search-turns.ts';
import { type AffineMatrix, chain } from '../model/registration/shift-model.ts';
import { openGeometry } from './open-geometry.ts';
import { openMasked, openReferences } from './open-pair.ts';
import { seedOf, wholeGrid } from './plan-registration.ts';
import type { RasterReader } from './read-raster.ts';
import type { PairToSearch, SearchedScene, SearchOptions } from './search-scene.ts';

/** Pixels of the longer side of the ground that is searched. */
const TURN_SIDE = 2048;
/** Along each axis of a scene, places that its place in another map is fitted to. */
const FITTED = 7;
/** Pixels of the scene that such a fit may be off: it is measured again by windows. */
const MAX_FIT = 1;

/** Looks for a scene in its references wherever they are, or in an area of them, at any turn and scale. */
export async function searchTurned(
  { scene, references, area }: Omit<PairToSearch, 'way'>,
  { pathOf, beat }: SearchOptions,
): Promise<SearchedScene> {
  const [main] = references;
  const grid = await wholeGrid(references, area);
  if (grid === null) {
    const fault = 'nothing of the reference lies where it is looked for';
    return { placement: null, places: 0, fault };
  }
  const factor = Math.max(1, Math.ceil(Math.max(grid.width, grid.height) / TURN_SIDE));
  const compared = chosenBands(scene, references);
  const opened: RasterReader[] = [];
  try {
    const reader = await openReferences({ references: compared.references, grid }, pathOf, opened);
    const reference = await reader.read({ factor, beat, isRough: true });
    const source = await openMasked(scene, 'the scene', pathOf);
    opened.push(source);
    const shorter = Math.min(source.width, source.height);
    const reduction = Math.max(1, Math.floor(shorter / SEARCH_SIDE));
    const target = await source.read({
      bands: compared.bands,
      factor: reduction,
      beat,
      isRough: true,
    });
    const seed = seedOf(scene.file, references);
    const { matrix, places } = searchTurns(reference, target, { seed, beforeEach: beat });
    if (matrix === null) return { placement: null, places, fault: 'none stands out' };
    const transform = transformOf(grid.transform, matrix, factor, reduction);
    const found = { kind: 'affine', source: 'search', transform, map: main.map } as const;
    return { placement: await inOwnMap(found, scene), places, fault: '' };
  } finally {
    await Promise.all(opened.map((reader) => reader.close()));
  }
}

/** Six numbers for the target, from those of the reference's grid and how both, reduced, belong together. */
function transformOf(
  grid: RegistrationPlan['grid']['transform'],
  matrix: AffineMatrix,
  factor: number,
  reduction: number,
): RegistrationPlan['grid']['transform'] {
  // From outer corners: a reduced pixel center x is at factor * (x + 0.5).
  const fromGrid: AffineMatrix = [1 / factor, 0, -0.5, 0, 1 / factor, -0.5];
  const intoTarget: AffineMatrix = [reduction, 0, reduction / 2, 0, reduction, reduction / 2];
  const gridToTarget = chain(intoTarget, chain(matrix, fromGrid));
  const [a, b, c, d, e, f] = chain(asMatrix(grid), inverse(gridToTarget));
  return [c, a, b, f, d, e];
}

/**
 * A place that was found, in the map that the scene names itself, so that its corrected file goes on in that;
 * in the map of the reference where the scene names none, or one that does not reach there.
 */
async function inOwnMap(
  found: Extract<ScenePlacement, { kind: 'affine' }>,
  { placement, width, height }: PairToSearch['scene'],
): Promise<ScenePlacement> {
  if (!placement || placement.kind === 'rpc' || width === null || height === null) return found;
  const { map } = placement;
  if (canonicalJson(map) === canonicalJson(found.map)) return found;
  const [own, geometry] = [await bothWays(map), await openGeometry(found)];
  const places: MappedPlace[] = [];
  for (let index = 0; index < FITTED * FITTED; index++) {
    const column = ((index % FITTED) / (FITTED - 1)) * width;
    const row = (Math.floor(index / FITTED) / (FITTED - 1)) * height;
    const ground = geometry?.toGround(column, row);
    const at = ground ? own?.fromGround(...ground) : null;
    if (at) places.push({ place: { column, row }, x: at[0], y: at[1] });
  }
  const fit = places.length < FITTED * FITTED ? null : fitGeotransform(places, { width, height });
  if (fit === null || !(fit.rmsPixels <= MAX_FIT)) return found;
  return { kind: 'affine', source: 'search', transform: [...fit.transform], map };
}
