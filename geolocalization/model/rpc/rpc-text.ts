import { assembleRpc } from './assemble-rpc.ts';
import { COEFFICIENTS, type RationalPolynomials } from './rational-polynomials.ts';

/**
 * The model in lines of `KEY: value unit`, as IKONOS, Planet and SkySat deliver it (`_rpc.txt`,
 * `_RPC.TXT`). Pixels count from the center of the first one.
 *
 * @throws {UnreadableRpc}
 *
 * @example
 * parseRpcText('LINE_OFF: +005124.00 pixels\nSAMP_OFF: ...').line.offset; // 5124
 */
export function parseRpcText(text: string): RationalPolynomials {
  const fields = keywordLines(text);
  return assembleRpc('text', {
    number: (key) => fields.get(key),
    list: (key) => numbered(fields, (index) => `${key}_COEFF_${index + 1}`),
    errorBias: fields.get('ERR_BIAS'),
    errorRandom: fields.get('ERR_RAND'),
    order: fields.get('SPEC_ID'),
    firstPixel: 0,
  });
}

/**
 * The model in an OSSIM `.geom` file, lines of `line_num_coeff_00:  value`.
 *
 * @throws {UnreadableRpc}
 */
export function parseOssimGeometry(text: string): RationalPolynomials {
  const fields = keywordLines(text);
  const rpc = assembleRpc('an OSSIM geometry', {
    number: (key) => fields.get(key),
    list: (key) => numbered(fields, (index) => `${key}_COEFF_${String(index).padStart(2, '0')}`),
    errorBias: fields.get('BIAS_ERROR'),
    errorRandom: fields.get('RAND_ERROR'),
    order: fields.get('POLYNOMIAL_FORMAT'),
    firstPixel: 0,
  });
  // OSSIM writes 0 where the sensor states nothing.
  return {
    ...rpc,
    errorBiasMeters: rpc.errorBiasMeters === 0 ? null : rpc.errorBiasMeters,
    errorRandomMeters: rpc.errorRandomMeters === 0 ? null : rpc.errorRandomMeters,
  };
}

/** The first value of each key, keys in capitals. */
function keywordLines(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r\n|\r|\n/)) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const key = line.slice(0, colon).trim().toUpperCase();
    if (!fields.has(key)) fields.set(key, line.slice(colon + 1).trim());
  }
  return fields;
}

function numbered(
  fields: Map<string, string>,
  name: (index: number) => string,
): (string | undefined)[] {
  return Array.from({ length: COEFFICIENTS }, (_, index) => fields.get(name(index)));
}
