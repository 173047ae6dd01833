import type { GroundControl } from '../../contracts/scene-placement.ts';
import type { Geotransform } from './affine.ts';

/** What an auxiliary file says of its image; null for what it does not. */
export interface AuxiliaryFile {
  transform: Geotransform | null;
  /** WKT, or another text that names a map. */
  definition: string | null;
  /** Rational polynomials, as lines of `KEY: value`. */
  rpc: string | null;
  /** Values for missing data of the bands that have one, in their order. */
  nodata: number[];
  /** From the outer corner of the first pixel, as all of GDAL's. */
  control: GroundControl[];
  /** Of the control points: WKT, or another text that names a map. */
  controlDefinition: string | null;
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
 * Source: GDAL, gcore/gdalpamdataset.cpp, elements `SRS`, `GeoTransform`, `GCPList`, `Metadata`
 * and `PAMRasterBand`.
 */
export function parseAuxiliary(text: string): AuxiliaryFile {
  const definition = elementIn(text, 'SRS')?.trim() ?? '';
  return {
    transform: transformIn(elementIn(text, 'GeoTransform')),
    definition: definition === '' ? null : definition,
    rpc: rpcIn(text),
    nodata: Array.from(text.matchAll(/<NoDataValue\b[^>]*>([^<]*)<\/NoDataValue>/g), ([, value]) =>
      numberIn(value!),
    ).filter((value) => value !== null),
    ...controlIn(text),
  };
}

function transformIn(text: string | null): Geotransform | null {
  const values = (text ?? '').split(',').map((word) => Number(word.trim() || Number.NaN));
  if (values.length !== 6 || !values.every(Number.isFinite)) return null;
  const [x, a, b, y, d, e] = values as [number, number, number, number, number, number];
  return a * e - b * d === 0 ? null : [x, a, b, y, d, e];
}

/** Also what GDAL writes for numbers that are none: `nan`, `-inf`. */
function numberIn(text: string): number | null {
  const word = text.trim().toLowerCase();
  if (word === 'nan') return Number.NaN;
  if (/^-?inf/.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
  const value = Number(word === '' ? 'none' : word);
  return Number.isNaN(value) ? null : value;
}

function controlIn(text: string): Pick<AuxiliaryFile, 'control' | 'controlDefinition'> {
  const [, attributes = '', points = ''] =
    /<GCPList\b([^>]*)>([\s\S]*?)<\/GCPList>/.exec(text) ?? [];
  const control = Array.from(points.matchAll(/<GCP\b([^>]*)>/g), ([, stated]) => {
    const [column, row, x, y] = ['Pixel', 'Line', 'X', 'Y'].map((name) =>
      Number(attributeIn(stated!, name) ?? Number.NaN),
    ) as [number, number, number, number];
    return { column, row, x, y };
  });
  const definition = attributeIn(attributes, 'Projection')?.trim() ?? '';
  return { control, controlDefinition: definition === '' ? null : definition };
}

function attributeIn(attributes: string, name: string): string | null {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];
  return found === undefined ? null : plain(found);
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
