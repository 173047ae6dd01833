import type { GeodeticPosition } from '../../../maths/geodesy.ts';
import { type ImagePoint, projectGround } from './project-ground.ts';
import type { RationalPolynomials } from './rational-polynomials.ts';

const MAX_STEPS = 20;
/** Degrees: 1e-7 m on the ground. */
const CONVERGED = 1e-12;
/** Degrees: 0.1 m, long against rounding and short against the curvature of the model. */
const STEP = 1e-6;

/**
 * The place at a height above the ellipsoid that a pixel shows: Newton's method on longitude and latitude
 * from the center of the scene, with a numeric Jacobian.
 *
 * @returns null when 20 steps do not settle, which happens far outside the domain.
 *
 * @example
 * locatePixel(rpc, { sample: 0, line: 0 }, 703); // 24.359766637 E, 33.648470106 S
 */
export function locatePixel(
  rpc: RationalPolynomials,
  pixel: ImagePoint,
  heightMeters: number,
): GeodeticPosition | null {
  try {
    return newton(rpc, pixel, heightMeters);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function newton(
  rpc: RationalPolynomials,
  pixel: ImagePoint,
  heightMeters: number,
): GeodeticPosition | null {
  let longitude = rpc.longitude.offset;
  let latitude = rpc.latitude.offset;
  const at = (longitudeDegrees: number, latitudeDegrees: number) =>
    projectGround(rpc, { longitudeDegrees, latitudeDegrees, heightMeters });
  for (let step = 0; step < MAX_STEPS; step++) {
    const here = at(longitude, latitude);
    const east = at(longitude + STEP, latitude);
    const north = at(longitude, latitude + STEP);
    const [a, b] = [(east.sample - here.sample) / STEP, (north.sample - here.sample) / STEP];
    const [c, d] = [(east.line - here.line) / STEP, (north.line - here.line) / STEP];
    const [sample, line] = [pixel.sample - here.sample, pixel.line - here.line];
    const determinant = a * d - b * c;
    const moveEast = (d * sample - b * line) / determinant;
    const moveNorth = (a * line - c * sample) / determinant;
    if (!Number.isFinite(moveEast) || !Number.isFinite(moveNorth)) return null;
    longitude += moveEast;
    latitude += moveNorth;
    if (Math.abs(moveEast) < CONVERGED && Math.abs(moveNorth) < CONVERGED) {
      return { longitudeDegrees: longitude, latitudeDegrees: latitude, heightMeters };
    }
  }
  return null;
}
