import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { MapName, ScenePlacement } from '../../contracts/scene-placement.ts';
import type { JudgedLook } from '../../contracts/scene-registration-plan.ts';
import type { SceneRegistration } from '../../contracts/scene-registration.ts';
import { canonicalJson } from '../../maths/canonical-json.ts';
import { bothWays } from '../../platform/coordinate-systems.ts';
import { type Geotransform, toMap } from '../model/affine.ts';
import { controlToMap, inMovedMap } from '../model/control/control-geometry.ts';
import { correctedGeotransform } from '../model/registration/corrected-geotransform.ts';
import { fitGeotransform, type MappedPlace } from '../model/registration/fit-geotransform.ts';
import type { PixelMapping } from '../model/registration/lattice.ts';
import { displacementAt, type ShiftModel } from '../model/registration/shift-model.ts';
import { biasOfPairs } from '../model/rpc/image-bias.ts';
import { mappingOf } from './open-pair.ts';

/** Along each axis of the grid, places that a transform of another map is fitted to. */
const FITTED = 7;
const IDENTITY: Geotransform = [0, 1, 0, 0, 0, 1];

/** What mends a placement; none of it when nothing does. */
export type Correction = Pick<
  SceneRegistration,
  'correctedTransform' | 'correctedBias' | 'correctedControl'
>;
type PairPlan = Parameters<typeof mappingOf>[0];
type PathOf = (ref: ArtifactRef) => Promise<string>;

/** What mends the georeference of a located scene: six numbers, moved control points, or a shift of its sensor model. */
export async function correctedGeoreference(
  plan: PairPlan,
  judged: Pick<JudgedLook, 'tiePoints'> & { model: ShiftModel },
  pathOf: PathOf,
): Promise<Correction> {
  const { placement } = plan.target;
  if (placement.kind === 'rpc') {
    return { correctedTransform: null, correctedBias: await biasOf(plan, judged, pathOf) };
  }
  const isSameMap = canonicalJson(placement.map) === canonicalJson(plan.grid.map);
  if (placement.kind === 'control') {
    const move = isSameMap
      ? correctedGeotransform(plan.grid.transform, IDENTITY, judged.model)
      : await moveInOtherMap(plan, judged.model, pathOf);
    return { correctedTransform: null, correctedBias: null, ...movedControl(placement, move) };
  }
  const transform = isSameMap
    ? correctedGeotransform(plan.grid.transform, placement.transform, judged.model)
    : await throughOtherMap(plan, judged.model, pathOf);
  return { correctedTransform: transform === null ? null : [...transform], correctedBias: null };
}

function movedControl(
  { model, points }: Extract<ScenePlacement, { kind: 'control' }>,
  move: Geotransform | null,
): Pick<Correction, 'correctedControl'> {
  if (move === null) return {};
  const moved = points.map(({ x, y, ...pixel }) => {
    const [movedX, movedY] = toMap(move, x, y);
    return { ...pixel, x: movedX, y: movedY };
  });
  return { correctedControl: { model: inMovedMap(model, move), points: moved } };
}

/** How the places that control points state have to move in their map, fitted over the whole grid. */
async function moveInOtherMap(
  plan: PairPlan,
  model: ShiftModel,
  pathOf: PathOf,
): Promise<Geotransform | null> {
  const { placement } = plan.target;
  if (placement.kind !== 'control') return null;
  const stated = (await placesInOtherMap(plan, placement.map, model, pathOf)).flatMap(
    ({ place, x, y }) => {
      const from = controlToMap(placement.model, place.column, place.row);
      return from === null ? [] : [{ from, x, y }];
    },
  );
  const [first] = stated;
  if (first === undefined) return null;
  // Around one of them, as a map counts from far away.
  const [aroundX, aroundY] = first.from;
  const places = stated.map(({ from, x, y }) => ({
    place: { column: from[0] - aroundX, row: from[1] - aroundY },
    x,
    y,
  }));
  const span = Math.max(...places.map(({ place }) => Math.hypot(place.column, place.row)));
  const fit = fitGeotransform(places, { width: span, height: span });
  if (fit === null) return null;
  const [, a, b, , d, e] = fit.transform;
  const [x, y] = toMap(fit.transform, -aroundX, -aroundY);
  return [x, a, b, y, d, e];
}

/** The target's map has lines of its own: the transform that fits them best over the whole grid. */
async function throughOtherMap(
  plan: PairPlan,
  model: ShiftModel,
  pathOf: PathOf,
): Promise<Geotransform | null> {
  const { placement, width, height } = plan.target;
  if (placement.kind !== 'affine') return null;
  const places = await placesInOtherMap(plan, placement.map, model, pathOf);
  return fitGeotransform(places, { width, height })?.transform ?? null;
}

/** Pixels of the target all over the grid, and where in the target's map they belong. */
async function placesInOtherMap(
  plan: PairPlan,
  map: MapName,
  model: ShiftModel,
  pathOf: PathOf,
): Promise<MappedPlace[]> {
  const [grid, target] = [await bothWays(plan.grid.map), await bothWays(map)];
  const mapping = await mappingOf(plan, pathOf);
  const places: MappedPlace[] = [];
  for (let row = 0; row < FITTED; row++) {
    for (let column = 0; column < FITTED; column++) {
      const x = (column / (FITTED - 1)) * (plan.grid.width - 1);
      const y = (row / (FITTED - 1)) * (plan.grid.height - 1);
      const ground = grid?.toGround(...toMap(plan.grid.transform, x + 0.5, y + 0.5));
      const belongs = ground ? target?.fromGround(...ground) : null;
      const seen = shifted(mapping, model, { x, y });
      if (!belongs || seen === null) continue;
      const place = { column: seen.x + 0.5, row: seen.y + 0.5 };
      places.push({ place, x: belongs[0], y: belongs[1] });
    }
  }
  return places;
}

async function biasOf(
  plan: PairPlan,
  { tiePoints }: Pick<JudgedLook, 'tiePoints'>,
  pathOf: PathOf,
): Promise<Correction['correctedBias']> {
  const { placement } = plan.target;
  if (placement.kind !== 'rpc') return null;
  const mapping = await mappingOf(plan, pathOf);
  const pairs = tiePoints
    .filter(({ isInlier }) => isInlier)
    .flatMap(({ at, shift }) => {
      const projected = mapping(at.x, at.y);
      const observed = mapping(at.x + shift.x, at.y + shift.y);
      return projected === null || observed === null ? [] : [{ projected, observed }];
    });
  if (pairs.length < 3) return null;
  const { bias, rmsBefore, rmsAfter, rmsLeaveOneOut } = biasOfPairs(
    pairs.map(({ projected, observed }) => ({
      projected: { sample: projected.x, line: projected.y },
      observed: { sample: observed.x, line: observed.y },
    })),
    'median',
  );
  return {
    samplePixels: bias.sample[0],
    linePixels: bias.line[0],
    rmsBefore,
    rmsAfter,
    rmsLeaveOneOut,
  };
}

function shifted(mapping: PixelMapping, model: ShiftModel, at: { x: number; y: number }) {
  const off = displacementAt(model, at);
  return mapping(at.x + off.x, at.y + off.y);
}
