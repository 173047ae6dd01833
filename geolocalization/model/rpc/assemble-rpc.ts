import { checkRpc, type RationalPolynomials, UnreadableRpc } from './rational-polynomials.ts';

/** The ten numbers that normalize, by the names that most files use. */
export type RpcKey = `${'LINE' | 'SAMP' | 'LAT' | 'LONG' | 'HEIGHT'}_${'OFF' | 'SCALE'}`;
/** The four lists of coefficients. */
export type RpcList = `${'LINE' | 'SAMP'}_${'NUM' | 'DEN'}`;

/** Where a file keeps its numbers; undefined for what it does not have. */
export interface RpcFields {
  number: (key: RpcKey) => string | undefined;
  list: (key: RpcList) => readonly (string | undefined)[];
  errorBias: string | undefined;
  errorRandom: string | undefined;
  /** `RPC00A` and `A` declare the older order of monomials; anything else is RPC00B. */
  order: string | undefined;
  /** What the file adds to a pixel coordinate that counts the first pixel as 0. */
  firstPixel: number;
}

/**
 * Where each monomial of RPC00B stands in RPC00A, which has 1, L, P, H, LP, LH, PH, PLH, LL, PP, HH, LLL,
 * LLP, LLH, LPP, PPP, PPH, LHH, PHH, HHH.
 */
const PLACES_IN_RPC00A = [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 7, 11, 14, 17, 12, 15, 18, 13, 16, 19];

/**
 * The model of a file whose fields are found but not yet read.
 *
 * @param form in words, for the error.
 * @throws {UnreadableRpc} when a field is missing, is no number, or the whole cannot be used.
 */
export function assembleRpc(form: string, fields: RpcFields): RationalPolynomials {
  const number = (key: RpcKey): number => {
    const text = fields.number(key);
    const value = parseNumber(text);
    if (value === null) {
      throw new UnreadableRpc(
        form,
        `${key} has to be a number: found ${text === undefined ? 'none' : JSON.stringify(text)}`,
      );
    }
    return value;
  };
  const axis = (name: 'LINE' | 'SAMP') => ({
    offset: number(`${name}_OFF`) - fields.firstPixel,
    scale: number(`${name}_SCALE`),
    numerator: inOrder(fields.list(`${name}_NUM`), fields.order),
    denominator: inOrder(fields.list(`${name}_DEN`), fields.order),
  });
  const normalization = (name: 'LAT' | 'LONG' | 'HEIGHT') => ({
    offset: number(`${name}_OFF`),
    scale: number(`${name}_SCALE`),
  });
  return checkRpc(form, {
    line: axis('LINE'),
    sample: axis('SAMP'),
    latitude: normalization('LAT'),
    longitude: normalization('LONG'),
    height: normalization('HEIGHT'),
    errorBiasMeters: statedError(parseNumber(fields.errorBias)),
    errorRandomMeters: statedError(parseNumber(fields.errorRandom)),
  });
}

/** An error of -1 is how files say that they know of none. */
export function statedError(meters: number | null): number | null {
  return meters !== null && Number.isFinite(meters) && meters >= 0 ? meters : null;
}

/** Reads `+005124.00 pixels` as 5124; null when there is no number in front. */
function parseNumber(text: string | undefined): number | null {
  const [first = ''] = (text ?? '').trim().split(/\s+/);
  return first === '' || Number.isNaN(Number(first)) ? null : Number(first);
}

function inOrder(texts: readonly (string | undefined)[], order: string | undefined): number[] {
  const values = texts.map((text) => parseNumber(text) ?? Number.NaN);
  if (order === undefined || !/^(RPC00)?A$/i.test(order.trim())) return values;
  return PLACES_IN_RPC00A.map((place) => values[place] ?? Number.NaN);
}
