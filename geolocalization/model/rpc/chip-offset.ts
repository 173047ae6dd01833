import { countsPixelsOnly, type Geotransform } from '../affine.ts';
import type { ImagePoint } from './project-ground.ts';
import type { RationalPolynomials } from './rational-polynomials.ts';

/**
 * Where the first pixel of a chip lies in the scene that it was cut from: software that cuts windows out
 * of unreferenced scenes leaves a transform that only counts pixels.
 *
 * @param transform of a file that names no reference system.
 * @returns (0, 0) without such a transform, or when its rows count backwards: then it is no cut.
 *
 * @example
 * chipOffset([5000, 1, 0, 5162, 0, 1]); // { sample: 5000, line: 5162 }
 */
export function chipOffset(transform: Geotransform | null): ImagePoint {
  if (transform === null || !countsPixelsOnly(transform) || transform[5] !== 1) {
    return { sample: 0, line: 0 };
  }
  return { sample: transform[0], line: transform[3] };
}

/** The model of a chip, from that of its scene; also how a constant bias of the image is taken off. */
export function shiftOrigin(rpc: RationalPolynomials, origin: ImagePoint): RationalPolynomials {
  return {
    ...rpc,
    sample: { ...rpc.sample, offset: rpc.sample.offset - origin.sample },
    line: { ...rpc.line, offset: rpc.line.offset - origin.line },
  };
}
