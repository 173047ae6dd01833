import { assembleRpc, type RpcKey, type RpcList } from './assemble-rpc.ts';
import type { RationalPolynomials } from './rational-polynomials.ts';

const NAMES = {
  LINE_OFF: 'lineOffset',
  SAMP_OFF: 'sampOffset',
  LAT_OFF: 'latOffset',
  LONG_OFF: 'longOffset',
  HEIGHT_OFF: 'heightOffset',
  LINE_SCALE: 'lineScale',
  SAMP_SCALE: 'sampScale',
  LAT_SCALE: 'latScale',
  LONG_SCALE: 'longScale',
  HEIGHT_SCALE: 'heightScale',
} as const satisfies Record<RpcKey, string>;

const LISTS = {
  LINE_NUM: 'lineNumCoef',
  LINE_DEN: 'lineDenCoef',
  SAMP_NUM: 'sampNumCoef',
  SAMP_DEN: 'sampDenCoef',
} as const satisfies Record<RpcList, string>;

/**
 * The model in an `.RPB` file, as DigitalGlobe and Maxar deliver it: statements `name = value;`, lists in
 * parentheses. Pixels count from the center of the first one.
 *
 * @throws {UnreadableRpc}
 */
export function parseRpb(text: string): RationalPolynomials {
  return byRpbNames('an RPB file', statements(text));
}

/**
 * The model in the RPB part of a DigitalGlobe XML file: the same names in capitals, lists of numbers
 * between blanks.
 *
 * @throws {UnreadableRpc}
 */
export function parseRpbXml(text: string): RationalPolynomials {
  const fields = new Map<string, string>();
  const part = /<RPB>([\s\S]*?)<\/RPB>/i.exec(text)?.[1] ?? '';
  for (const [, name, value] of part.matchAll(/<([A-Za-z]+)>([^<]*)<\/\1>/g)) {
    fields.set(name!.toUpperCase(), value!.trim());
  }
  return byRpbNames('a DigitalGlobe XML file', fields);
}

function byRpbNames(form: string, fields: Map<string, string>): RationalPolynomials {
  const field = (name: string) => fields.get(name.toUpperCase());
  return assembleRpc(form, {
    number: (key) => field(NAMES[key]),
    list: (key) => (field(LISTS[key]) ?? '').split(/[\s,()]+/).filter((word) => word !== ''),
    errorBias: field('errBias'),
    errorRandom: field('errRand'),
    order: field('specId')?.replaceAll('"', ''),
    firstPixel: 0,
  });
}

function statements(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const statement of text.split(';')) {
    const equals = statement.lastIndexOf('=');
    const name = /(\w+)\s*$/.exec(statement.slice(0, Math.max(0, equals)))?.[1];
    if (name !== undefined) fields.set(name.toUpperCase(), statement.slice(equals + 1).trim());
  }
  return fields;
}
