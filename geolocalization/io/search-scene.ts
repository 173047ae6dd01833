import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { SceneLocation } from '../../contracts/geolocalization.ts';
import type { ScenePlacement } from '../../contracts/scene-placement.ts';
import type { RegistrationPlan } from '../../contracts/scene-registration-plan.ts';
import type { ReferenceFile } from '../../contracts/scene-registration.ts';
import { cutRaster, type PixelWindow, type Raster } from '../../maths/raster.ts';
import { asMatrix, inverse } from '../model/registration/corrected-geotransform.ts';
import { SEARCH_RADIUS } from '../model/registration/places-to-look.ts';
import { registerRasters } from '../model/registration/register-rasters.ts';
import { bandsToCompare } from '../model/registration/registration-grid.ts';
import { likelyShifts, searchedShifts } from '../model/registration/search-shifts.ts';
import { SEARCH_SIDE, searchTurns } from '../model/registration/search-turns.ts';
import { type AffineMatrix, chain, type ShiftModel } from '../model/registration/shift-model.ts';
import { correctedGeoreference } from './corrected-georeference.ts';
import { mendedPlacement } from './found-elsewhere.ts';
import { openPair, openReferences } from './open-pair.ts';
import { openPixels } from './open-pixels.ts';
import { pairToRead, seedOf, wholeGrid } from './plan-registration.ts';
import type { RasterReader } from './read-raster.ts';

/** Share of its size by which a scene is looked for around its stated place, on every side. */
export const SEARCH_MARGIN = 2;
/** Pixels of the longer side of the ground that is searched for a shift, and for a turn. */
const SHIFT_SIDE = 800;
const TURN_SIDE = 2048;

type PathOf = (ref: ArtifactRef) => Promise<string>;

export interface PairToSearch {
  scene: SceneLocation & { file: ArtifactRef };
  references: readonly [ReferenceFile, ...ReferenceFile[]];
  dem: ReferenceFile | null;
  /** West, south, east, north, degrees: the part that a scene without a place is looked for in. */
  area?: readonly [number, number, number, number];
}

/** Where a scene may lie instead of where it states, or if it states nothing. */
export interface SearchedScene {
  /** Null when no place stands out. */
  placement: ScenePlacement | null;
  /** How many places were tried: as many ways to be right by chance. */
  places: number;
  /** The rest of the sentence `... as`, when there is no place. */
  fault: string;
}

/**
 * Looks for a scene in its references, with pixels that are reduced far: one with a place around it, moved
 * by up to twice its size; one without a place everywhere, turned and scaled. What is found has to be
 * compared window by window as any other place.
 *
 * @param options.beat such as a heartbeat; it may throw to stop the work.
 */
export async function searchScene(
  pair: PairToSearch,
  options: { pathOf: PathOf; beat: () => void },
): Promise<SearchedScene> {
  return pair.scene.placement ? searchAround(pair, options) : searchEverywhere(pair, options);
}

async function searchAround(
  { scene, references, dem }: PairToSearch,
  { pathOf, beat }: { pathOf: PathOf; beat: () => void },
): Promise<SearchedScene> {
  const nowhere = (fault: string, places = 1) => ({ placement: null, places, fault });
  const pair = await pairToRead({ scene, references, dem }, SEARCH_MARGIN);
  if (typeof pair === 'string') return nowhere(pair);
  const { grid } = pair;
  const plan = { ...pair, target: { ...pair.target, isResampled: true }, offset: { x: 0, y: 0 } };
  const factor = Math.ceil(Math.max(grid.width, grid.height) / SHIFT_SIDE);
  const opened = await openPair(plan, pathOf);
  let reference: Raster;
  let target: Raster;
  try {
    reference = await opened.reference.read({ factor, beat, isRough: true });
    target = await opened.target.read({ factor, beat, isRough: true });
  } finally {
    await opened.close();
  }
  const part = dataIn(target);
  if (part === null) return nowhere('none of its pixels holds data');
  const scenePart = cutRaster(target, part);
  beat();
  const places = searchedShifts(reference, scenePart, SEARCH_RADIUS);
  for (const { shift } of likelyShifts(reference, scenePart)) {
    beat();
    const there = cutRaster(reference, { ...part, x: shift.x, y: shift.y });
    const { status, model, tiePoints } = registerRasters(there, scenePart, {
      offset: { x: 0, y: 0 },
      seed: seedOf(scene.file, references),
      places,
      kinds: ['translation', 'similarity', 'affine'],
    });
    if (status !== 'LOCATED' || model === null) continue;
    const moved = { x: part.x - shift.x, y: part.y - shift.y };
    const onGrid = modelOnGrid(model, shift, moved, factor);
    const toGrid = (value: number, start: number) => factor * (value + start + 0.5) - 0.5;
    const judged = {
      model: onGrid,
      tiePoints: tiePoints.map((point) => ({
        ...point,
        at: { x: toGrid(point.at.x, shift.x), y: toGrid(point.at.y, shift.y) },
        shift: {
          x: factor * (point.shift.x + moved.x),
          y: factor * (point.shift.y + moved.y),
        },
      })),
    };
    const correction = await correctedGeoreference(plan, judged, pathOf);
    const placement = mendedPlacement(plan.target.placement, correction);
    if (placement !== null) return { placement, places, fault: '' };
  }
  return nowhere('none stands out', places);
}

/** The model of a reduced part of the reference, for pixels of the whole grid, with the whole displacement. */
function modelOnGrid(
  model: ShiftModel,
  start: { x: number; y: number },
  moved: { x: number; y: number },
  factor: number,
): ShiftModel {
  const scaled = (values: readonly number[], constant: number) =>
    values.map((value, index) => factor * (index === 0 ? value + constant : value));
  return {
    kind: model.kind,
    center: {
      x: factor * (model.center.x + start.x + 0.5) - 0.5,
      y: factor * (model.center.y + start.y + 0.5) - 0.5,
    },
    radius: factor * model.radius,
    x: scaled(model.x, moved.x),
    y: scaled(model.y, moved.y),
  };
}

async function searchEverywhere(
  { scene, references, area }: PairToSearch,
  { pathOf, beat }: { pathOf: PathOf; beat: () => void },
): Promise<SearchedScene> {
  const [main] = references;
  const grid = await wholeGrid(references, area);
  if (grid === null)
    return {
      placement: null,
      places: 1,
      fault: 'nothing of the reference lies where it is looked for',
    };
  const factor = Math.max(1, Math.ceil(Math.max(grid.width, grid.height) / TURN_SIDE));
  const opened: RasterReader[] = [];
  try {
    const reader = await openReferences({ references: [...references], grid }, pathOf, opened);
    const reference = await reader.read({ factor, beat, isRough: true });
    const source = await openPixels(await pathOf(scene.file));
    opened.push(source);
    const shorter = Math.min(source.width, source.height);
    const reduction = Math.max(1, Math.floor(shorter / SEARCH_SIDE));
    const target = await source.read({
      bands: bandsToCompare(scene.bands ?? 1),
      factor: reduction,
      beat,
      isRough: true,
    });
    const seed = seedOf(scene.file, references);
    const { matrix, places } = searchTurns(reference, target, { seed, beforeEach: beat });
    if (matrix === null) return { placement: null, places, fault: 'none stands out' };
    const transform = transformOf(grid.transform, matrix, factor, reduction);
    const placement = { kind: 'affine', source: 'search', transform, map: main.map } as const;
    return { placement, places, fault: '' };
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

/** The smallest rectangle around the pixels that hold data. */
function dataIn({ width, height, valid }: Raster): PixelWindow | null {
  if (valid === null) return { x: 0, y: 0, width, height };
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let pixel = 0; pixel < valid.length; pixel++) {
    if (valid[pixel] === 0) continue;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return right < left
    ? null
    : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
