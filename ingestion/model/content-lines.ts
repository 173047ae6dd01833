/** A line that says something, and where it stands in its file (from 1). */
export interface ContentLine {
  number: number;
  text: string;
}

/** A row of a table, and where it stands in its file (from 1). */
export interface TableRow {
  number: number;
  cells: readonly string[];
}

/** Longest line that is looked at; what is longer is no table that a person wrote. */
const MAX_LINE_LENGTH = 4096;

/**
 * The lines of a text file that say something: a byte order mark, CRLF, blank lines and lines that start
 * with `#` are passed over.
 *
 * @example
 * contentLines('\uFEFFEPSG:32632\r\n\r\n# c\r\n1 2'); // [{ number: 1, text: 'EPSG:32632' }, { number: 4, text: '1 2' }]
 */
export function contentLines(content: string): ContentLine[] {
  return content
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((text, index) => ({ number: index + 1, text: text.slice(0, MAX_LINE_LENGTH).trim() }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'));
}

const DECIMAL = /^[+-]?(?:\d{1,17}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?$/;

/** A finite decimal number, or null: `0x10`, `1,5`, `Infinity` and the empty text are none. */
export function decimalOf(text: string | undefined): number | null {
  if (text === undefined || !DECIMAL.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** An accuracy as files state it: 0 and less stand for "not known". */
export function statedAccuracy(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && value > 0 ? value : null;
}
