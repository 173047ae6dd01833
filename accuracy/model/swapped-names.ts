import type { Vector3 } from '../../maths/rotation.ts';
import { length, subtract } from '../../maths/vector.ts';
import type { ControlObservation, ControlPoint } from './control.ts';

/** A point whose observations fit another point: the two names were probably exchanged. */
export interface SwappedName {
  point: string;
  fits: string;
  /** Root mean square length of its residuals under either name, meters. */
  rmseAsNamed: number;
  rmseSwapped: number;
}

/** Under the other name, residuals must shrink at least to this share. */
const CONVINCING = 1 / 3;

/**
 * Tries the observations of points that are wholly off against the nearest other point.
 *
 * @param radialOf length of the residual of an observation when it is taken for a point, meters; null when
 * it has none.
 */
export function findSwappedNames(
  badPoints: readonly string[],
  points: ReadonlyMap<string, ControlPoint>,
  observations: readonly ControlObservation[],
  radialOf: (observation: ControlObservation, point: ControlPoint) => number | null,
): SwappedName[] {
  return badPoints.flatMap((name) => {
    const named = points.get(name);
    const nearest = named && nearestOther(named, points);
    if (named === undefined || nearest === undefined) return [];
    const own = observations.filter(({ point }) => point === name);
    const rmseAs = (point: ControlPoint) =>
      rootMeanSquare(own.map((observation) => radialOf(observation, point)));
    const [rmseAsNamed, rmseSwapped] = [rmseAs(named), rmseAs(nearest)];
    if (rmseAsNamed === null || rmseSwapped === null) return [];
    if (rmseSwapped > CONVINCING * rmseAsNamed) return [];
    return [{ point: name, fits: nearest.name, rmseAsNamed, rmseSwapped }];
  });
}

function nearestOther(
  { name, position }: ControlPoint,
  points: ReadonlyMap<string, ControlPoint>,
): ControlPoint | undefined {
  const distanceTo = (other: Vector3) => length(subtract(other, position));
  return [...points.values()]
    .filter((point) => point.name !== name)
    .toSorted((a, b) => distanceTo(a.position) - distanceTo(b.position))[0];
}

function rootMeanSquare(values: readonly (number | null)[]): number | null {
  const known = values.flatMap((value) => value ?? []);
  if (known.length === 0 || known.length < values.length) return null;
  return Math.sqrt(known.reduce((sum, value) => sum + value * value, 0) / known.length);
}
