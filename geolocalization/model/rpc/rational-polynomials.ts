/** value = offset + scale * normalized; a scale may be negative but not zero. */
export interface Normalization {
  offset: number;
  scale: number;
}

/** One image coordinate: offset + scale * (numerator . m) / (denominator . m), 20 monomials each. */
export interface ImageAxis extends Normalization {
  numerator: readonly number[];
  denominator: readonly number[];
}

/**
 * A sensor model: from the ground (WGS84 degrees, meters above the ellipsoid) to the image (pixels, with
 * (0, 0) at the center of the first one).
 *
 * The monomials stand in the order of RPC00B, whatever the file had: 1, L, P, H, LP, LH, PH, LL, PP, HH,
 * PLH, LLL, LPP, LHH, LLP, PPP, PHH, LLH, PPH, HHH, of normalized longitude L, latitude P and height H.
 *
 * Source: "The compendium of controlled extensions for the National Imagery Transmission Format",
 * STDI-0002, volume 1, appendix E, NGA.
 */
export interface RationalPolynomials {
  line: ImageAxis;
  sample: ImageAxis;
  latitude: Normalization;
  longitude: Normalization;
  height: Normalization;
  /** Meters, one sigma, that all pixels share; null when it is not stated. */
  errorBiasMeters: number | null;
  /** Meters, one sigma, of each pixel by itself; null when it is not stated. */
  errorRandomMeters: number | null;
}

/** The coefficients cannot be used; the message says of which form and why. */
export class UnreadableRpc extends Error {
  constructor(form: string, fault: string) {
    super(`Cannot read rational polynomials from ${form} as ${fault}`);
    this.name = 'UnreadableRpc';
  }
}

export const COEFFICIENTS = 20;

/**
 * The model itself, once it is known to be usable.
 *
 * @param form in words, such as `the TIFF tag 50844`.
 * @throws {UnreadableRpc} with numbers that are not finite, scales of zero, lists of a length other than
 * 20, an empty denominator, or a center that is not on earth.
 */
export function checkRpc(form: string, rpc: RationalPolynomials): RationalPolynomials {
  for (const name of ['line', 'sample', 'latitude', 'longitude', 'height'] as const) {
    const { offset, scale } = rpc[name];
    if (!Number.isFinite(offset) || !Number.isFinite(scale) || scale === 0) {
      throw new UnreadableRpc(
        form,
        `an offset and a scale other than 0 are needed for the ${name}: found ${offset} and ${scale}`,
      );
    }
  }
  for (const name of ['line', 'sample'] as const) {
    checkCoefficients(form, `${name} numerator`, rpc[name].numerator);
    checkCoefficients(form, `${name} denominator`, rpc[name].denominator);
  }
  const { latitude, longitude } = rpc;
  if (Math.abs(latitude.offset) > 90 || Math.abs(longitude.offset) > 360) {
    throw new UnreadableRpc(
      form,
      `its center is not on earth: found latitude ${latitude.offset}, longitude ${longitude.offset}`,
    );
  }
  return rpc;
}

/**
 * The stated horizontal accuracy, one sigma in meters: bias and random error in quadrature.
 *
 * @returns null when neither is stated.
 */
export function statedSigmaMeters({
  errorBiasMeters,
  errorRandomMeters,
}: RationalPolynomials): number | null {
  if (errorBiasMeters === null && errorRandomMeters === null) return null;
  return Math.hypot(errorBiasMeters ?? 0, errorRandomMeters ?? 0);
}

function checkCoefficients(form: string, name: string, values: readonly number[]): void {
  if (values.length !== COEFFICIENTS || !values.every(Number.isFinite)) {
    throw new UnreadableRpc(
      form,
      `${COEFFICIENTS} finite coefficients are needed for the ${name}: found ${values.filter(Number.isFinite).length}`,
    );
  }
  if (values.every((value) => value === 0)) {
    throw new UnreadableRpc(form, `all coefficients of the ${name} are 0`);
  }
}
