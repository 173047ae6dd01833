import { solveLeastSquares } from '../../../maths/least-squares.ts';

export interface Point {
  x: number;
  y: number;
}

/** Where content of the reference was found by how much off: pixels of the reference's grid. */
export interface Displacement {
  at: Point;
  shift: Point;
}

/** From the stiffest to the most yielding. */
export const shiftModelKinds = ['translation', 'similarity', 'affine', 'polynomial'] as const;
export type ShiftModelKind = (typeof shiftModelKinds)[number];

/**
 * A displacement for every place: along each axis a sum of 1, u, v, uu, uv, vv with u, v from -1 to 1 over
 * the matches, so that large coordinates cost no digits. Those beyond the kind are left out.
 */
export interface ShiftModel {
  kind: ShiftModelKind;
  center: Point;
  /** Pixels for which u or v grow by one. */
  radius: number;
  x: readonly number[];
  y: readonly number[];
}

/** Content lies where the georeference says. */
export const NO_SHIFT: ShiftModel = {
  kind: 'translation',
  center: { x: 0, y: 0 },
  radius: 1,
  x: [0],
  y: [0],
};

/** Row-major 2 x 3: x' = m[0] x + m[1] y + m[2], y' = m[3] x + m[4] y + m[5]. */
export type AffineMatrix = readonly [number, number, number, number, number, number];

/** Unknowns of each kind, and the matches that it is drawn through. */
export const UNKNOWNS = { translation: 2, similarity: 4, affine: 6, polynomial: 12 } as const;

/**
 * The model of a kind that fits best, by least squares.
 *
 * @param weights one a displacement, not negative.
 * @returns null when the displacements do not determine it.
 */
export function fitShiftModel(
  displacements: readonly Displacement[],
  kind: ShiftModelKind,
  weights: readonly number[] = displacements.map(() => 1),
): ShiftModel | null {
  const frame = frameOf(displacements.map(({ at }) => at));
  const terms = displacements.map(({ at }) => monomials(at, frame, kind));
  const xs = displacements.map(({ shift }) => shift.x);
  const ys = displacements.map(({ shift }) => shift.y);
  if (kind === 'similarity') {
    // x = a + c u - d v, y = b + d u + c v: the unknowns are shared, so both axes are solved at once.
    const solution = solveLeastSquares(
      [...terms.map(([, u, v]) => [1, 0, u!, -v!]), ...terms.map(([, u, v]) => [0, 1, v!, u!])],
      [...xs, ...ys],
      [...weights, ...weights],
    );
    if (solution === null) return null;
    const [a, b, c, d] = solution as [number, number, number, number];
    return { kind, ...frame, x: [a, c, -d], y: [b, d, c] };
  }
  const x = solveLeastSquares(terms, xs, weights);
  const y = solveLeastSquares(terms, ys, weights);
  return x === null || y === null ? null : { kind, ...frame, x, y };
}

/** How far content at a place is off by the model. */
export function displacementAt(model: ShiftModel, at: Point): Point {
  const terms = monomials(at, model, model.kind);
  const sum = (coefficients: readonly number[]) =>
    coefficients.reduce((total, value, index) => total + value * terms[index]!, 0);
  return { x: sum(model.x), y: sum(model.y) };
}

/** What the model leaves of a displacement, pixels. */
export function residualOf(model: ShiftModel, { at, shift }: Displacement): Point {
  const expected = displacementAt(model, at);
  return { x: shift.x - expected.x, y: shift.y - expected.y };
}

/**
 * The matrix from a place in the reference to where its content was found.
 *
 * @returns null for a polynomial, which is none.
 */
export function matrixOf(model: ShiftModel): AffineMatrix | null {
  if (model.kind === 'polynomial') return null;
  const { center, radius } = model;
  const row = ([constant = 0, perU = 0, perV = 0]: readonly number[]) => {
    const [perX, perY] = [perU / radius, perV / radius];
    return [perX, perY, constant - perX * center.x - perY * center.y] as const;
  };
  const [x, y] = [row(model.x), row(model.y)];
  return [1 + x[0], x[1], x[2], y[0], 1 + y[1], y[2]];
}

/** First `second`, then `first`. */
export function chain(first: AffineMatrix, second: AffineMatrix): AffineMatrix {
  const [a, b, c, d, e, f] = first;
  const [g, h, i, j, k, l] = second;
  return [
    a * g + b * j,
    a * h + b * k,
    a * i + b * l + c,
    d * g + e * j,
    d * h + e * k,
    d * i + e * l + f,
  ];
}

function frameOf(points: readonly Point[]): { center: Point; radius: number } {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [west, east] = [Math.min(...xs), Math.max(...xs)];
  const [north, south] = [Math.min(...ys), Math.max(...ys)];
  return {
    center: { x: (west + east) / 2, y: (north + south) / 2 },
    radius: Math.max(1, (east - west) / 2, (south - north) / 2),
  };
}

function monomials(
  { x, y }: Point,
  { center, radius }: { center: Point; radius: number },
  kind: ShiftModelKind,
): number[] {
  if (kind === 'translation') return [1];
  const [u, v] = [(x - center.x) / radius, (y - center.y) / radius];
  return kind === 'polynomial' ? [1, u, v, u * u, u * v, v * v] : [1, u, v];
}
