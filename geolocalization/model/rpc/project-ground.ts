import type { GeodeticPosition } from '../../../maths/geodesy.ts';
import type { ImageAxis, RationalPolynomials } from './rational-polynomials.ts';

/** Pixels, continuous; (0, 0) is the center of the first one. */
export interface ImagePoint {
  sample: number;
  line: number;
}

/** Beyond this normalized coordinate polynomials of the third degree run away. */
const DOMAIN = 1.1;

/**
 * Where a place on the ground lies in the image: Horner would be faster, but the plain sum of monomials is
 * what the standard prints, and a scene asks for few points.
 *
 * @throws {RangeError} where a denominator vanishes, far outside the domain.
 *
 * @example
 * // QuickBird over the Baviaanskloof:
 * projectGround(rpc, { longitudeDegrees: 24.4057, latitudeDegrees: -33.6726, heightMeters: 703 });
 * // { sample: 647.687012, line: 393.282906 }
 */
export function projectGround(rpc: RationalPolynomials, ground: GeodeticPosition): ImagePoint {
  const terms = monomials(...normalize(rpc, ground));
  const point = { sample: evaluate(rpc.sample, terms), line: evaluate(rpc.line, terms) };
  if (!Number.isFinite(point.sample) || !Number.isFinite(point.line)) {
    throw new RangeError(
      `Cannot project a place as a denominator vanishes there: found latitude ${ground.latitudeDegrees}, longitude ${ground.longitudeDegrees}, height ${ground.heightMeters}`,
    );
  }
  return point;
}

/** Whether a place lies outside the domain that the coefficients were fitted in: |P|, |L|, |H| <= 1.1. */
export function isExtrapolated(rpc: RationalPolynomials, ground: GeodeticPosition): boolean {
  return normalize(rpc, ground).some((value) => !(Math.abs(value) <= DOMAIN));
}

function normalize(
  { latitude, longitude, height }: RationalPolynomials,
  ground: GeodeticPosition,
): [p: number, l: number, h: number] {
  const east = ground.longitudeDegrees - longitude.offset;
  // A scene at the antimeridian has its center on one side and pixels on the other.
  const nearest = Math.abs(east) > 180 ? east - 360 * Math.round(east / 360) : east;
  return [
    (ground.latitudeDegrees - latitude.offset) / latitude.scale,
    nearest / longitude.scale,
    (ground.heightMeters - height.offset) / height.scale,
  ];
}

function monomials(p: number, l: number, h: number): readonly number[] {
  return [
    1,
    l,
    p,
    h,
    l * p,
    l * h,
    p * h,
    l * l,
    p * p,
    h * h,
    p * l * h,
    l * l * l,
    l * p * p,
    l * h * h,
    l * l * p,
    p * p * p,
    p * h * h,
    l * l * h,
    p * p * h,
    h * h * h,
  ];
}

function evaluate(axis: ImageAxis, terms: readonly number[]): number {
  return axis.offset + (axis.scale * dot(axis.numerator, terms)) / dot(axis.denominator, terms);
}

function dot(coefficients: readonly number[], terms: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < terms.length; index++) sum += coefficients[index]! * terms[index]!;
  return sum;
}
