import { cutRaster, type PixelWindow, type Raster } from '../../maths/raster.ts';
import { SEARCH_RADIUS } from '../model/registration/places-to-look.ts';
import { registerRasters } from '../model/registration/register-rasters.ts';
import { likelyShifts, searchedShifts } from '../model/registration/search-shifts.ts';
import type { ShiftModel } from '../model/registration/shift-model.ts';
import { correctedGeoreference } from './corrected-georeference.ts';
import { mendedPlacement } from './found-elsewhere.ts';
import { openPair } from './open-pair.ts';
import { pairToRead, seedOf } from './plan-registration.ts';
import type { PairToSearch, SearchedScene, SearchOptions } from './search-scene.ts';

/** Share of its size by which a scene is looked for around its stated place, on every side. */
export const SEARCH_MARGIN = 2;
/** Pixels of the longer side of the ground that is searched. */
const SHIFT_SIDE = 800;

/** Looks for a scene around the place that it states, moved by up to twice its size. */
export async function searchAround(
  { scene, references, dem }: Omit<PairToSearch, 'way'>,
  { pathOf, beat }: SearchOptions,
): Promise<SearchedScene> {
  const nowhere = (fault: string, places = 1) => ({ placement: null, places, fault });
  const pair = await pairToRead({ scene, references, dem }, SEARCH_MARGIN);
  if (typeof pair === 'string') return nowhere(pair, 0);
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
