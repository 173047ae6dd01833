import type { Geotransform } from './affine.ts';

/** What an auxiliary file says of its image; null for what it does not. */
export interface AuxiliaryFile {
  transform: Geotransform | null;
  /** WKT, or another text that names a map. */
  definition: string | null;
  /** Rational polynomials, as lines of `KEY: value`. */
  rpc: string | null;
  /** Whether a band has a value for missing data. */
  hasNodata: boolean;
  /** Whether it has ground control points. */
  hasControl: boolean;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  quot: '"',
};

/**
 * The place in a `.aux.xml` file, as GDAL and Esri's software write it beside images whose own format holds
 * none. Its transform counts from the outer corner of the first pixel.
 *
 * Source: GDAL, gcore/gdalpamdataset.cpp, elements `SRS`, `GeoTransform`, `GCPList` and `Metadata`.
 */
export function parseAuxiliary(text: string): AuxiliaryFile {
  const definition = elementIn(text, 'SRS')?.trim() ?? '';
  return {
    transform: transformIn(elementIn(text, 'GeoTransform')),
    definition: definition === '' ? null : definition,
    rpc: rpcIn(text),
    hasNodata: /<NoDataValue\b/.test(text),
    hasControl: /<GCPList\b/.test(text),
  };
}

function transformIn(text: string | null): Geotransform | null {
  const values = (text ?? '').split(',').map((word) => Number(word.trim() || Number.NaN));
  if (values.length !== 6 || !values.every(Number.isFinite)) return null;
  const [x, a, b, y, d, e] = values as [number, number, number, number, number, number];
  return a * e - b * d === 0 ? null : [x, a, b, y, d, e];
}

/** Coefficients stand there in lists of twenty. */
function rpcIn(text: string): string | null {
  const domain = /<Metadata\b[^>]*\bdomain="RPC"[^>]*>([\s\S]*?)<\/Metadata>/.exec(text)?.[1];
  if (domain === undefined) return null;
  const lines = Array.from(domain.matchAll(/<MDI\b[^>]*\bkey="([^"]*)"[^>]*>([^<]*)<\/MDI>/g));
  return lines
    .flatMap(([, key, value]) => {
      const numbers = plain(value!).trim().split(/\s+/);
      if (!key!.endsWith('_COEFF')) return [`${key}: ${numbers[0]}`];
      return numbers.map((number, index) => `${key}_${index + 1}: ${number}`);
    })
    .join('\n');
}

function elementIn(text: string, name: string): string | null {
  const found = new RegExp(`<${name}\\b[^>]*>([\\s\\S]*?)</${name}>`).exec(text)?.[1];
  return found === undefined ? null : plain(found);
}

function plain(text: string): string {
  return text
    .replace(/^\s*<!\[CDATA\[([\s\S]*)\]\]>\s*$/, '$1')
    .replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
