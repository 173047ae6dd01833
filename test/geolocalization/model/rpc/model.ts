import type { RationalPolynomials } from '../../../../geolocalization/model/rpc/rational-polynomials.ts';

const padded = (...values: number[]) => [...values, ...Array<number>(20 - values.length).fill(0)];

/** A model that can be worked out by hand: sample 100 + 50 L + 5 H, line 200 - 80 P. */
export const plainRpc: RationalPolynomials = {
  sample: { offset: 100, scale: 50, numerator: padded(0, 1, 0, 0.1), denominator: padded(1) },
  line: { offset: 200, scale: 80, numerator: padded(0, 0, -1), denominator: padded(1) },
  longitude: { offset: 10, scale: 0.5 },
  latitude: { offset: 50, scale: 0.4 },
  height: { offset: 300, scale: 100 },
  errorBiasMeters: 3,
  errorRandomMeters: 4,
};
