import { statedError } from './assemble-rpc.ts';
import {
  checkRpc,
  COEFFICIENTS,
  type RationalPolynomials,
  UnreadableRpc,
} from './rational-polynomials.ts';

const FORM = 'the TIFF tag 50844';
const VALUES = 12 + 4 * COEFFICIENTS;

/**
 * The model in RPCCoefficientTag: error bias, error random, the offsets of line, sample, latitude,
 * longitude and height, their scales, then line numerator, line denominator, sample numerator and sample
 * denominator.
 *
 * Source: "RPCs in GeoTIFF", geotiff.maptools.org/rpc_prop.html.
 *
 * @param values 92 numbers.
 * @throws {UnreadableRpc} with fewer, or when they cannot be used.
 */
export function parseRpcTag(values: readonly number[]): RationalPolynomials {
  if (values.length < VALUES) {
    throw new UnreadableRpc(FORM, `${VALUES} values are needed: found ${values.length}`);
  }
  const at = (index: number): number => values[index]!;
  const list = (index: number) =>
    values.slice(12 + index * COEFFICIENTS, 12 + (index + 1) * COEFFICIENTS);
  return checkRpc(FORM, {
    line: { offset: at(2), scale: at(7), numerator: list(0), denominator: list(1) },
    sample: { offset: at(3), scale: at(8), numerator: list(2), denominator: list(3) },
    latitude: { offset: at(4), scale: at(9) },
    longitude: { offset: at(5), scale: at(10) },
    height: { offset: at(6), scale: at(11) },
    errorBiasMeters: statedError(at(0)),
    errorRandomMeters: statedError(at(1)),
  });
}
