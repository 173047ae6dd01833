import { assembleRpc } from './assemble-rpc.ts';
import { COEFFICIENTS, type RationalPolynomials, UnreadableRpc } from './rational-polynomials.ts';

const FORM = 'a DIMAP file';

/**
 * The model in a DIMAP 2 XML file, as Pleiades and SPOT 6 and 7 have it.
 *
 * `Inverse_Model` is the one from ground to image. Rows and columns count from 1, so 1 is taken off.
 * `ERR_BIAS_ROW` and `ERR_BIAS_COL` say how well the polynomials follow the physical model, in pixels, and
 * not how well that one lies on the ground: the errors stay unstated.
 *
 * @throws {UnreadableRpc} also for other versions of DIMAP, whose first pixel is not known here.
 */
export function parseDimap(text: string): RationalPolynomials {
  const version = /<METADATA_FORMAT\s+version="([^"]*)"/.exec(text)?.[1];
  if (version !== undefined && !/^2(\.|$)/.test(version)) {
    throw new UnreadableRpc(FORM, `version 2 of DIMAP is needed: found "${version}"`);
  }
  const model = fieldsOf(section(text, 'Inverse_Model'));
  const validity = fieldsOf(section(text, 'RFM_Validity'));
  return assembleRpc(FORM, {
    number: (key) => validity.get(key),
    list: (key) =>
      Array.from({ length: COEFFICIENTS }, (_, index) => model.get(`${key}_COEFF_${index + 1}`)),
    errorBias: undefined,
    errorRandom: undefined,
    order: /<RESOURCE_ID>([^<]*)<\/RESOURCE_ID>/.exec(text)?.[1],
    firstPixel: 1,
  });
}

function section(text: string, name: string): string {
  const start = text.indexOf(`<${name}>`);
  const end = text.indexOf(`</${name}>`, start);
  if (start < 0 || end < 0) throw new UnreadableRpc(FORM, `it has no element "${name}"`);
  return text.slice(start, end);
}

function fieldsOf(part: string): Map<string, string> {
  return new Map(
    Array.from(part.matchAll(/<(\w+)>([^<]*)<\/\1>/g), ([, name, value]) => [name!, value!.trim()]),
  );
}
