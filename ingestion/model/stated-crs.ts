import { decimalOf } from './content-lines.ts';

/** A coordinate reference system as a text file states it. */
export type StatedCrs = { kind: 'epsg'; code: number } | { kind: 'proj'; definition: string };

/** A line of that many numbers at its start is a row of data, not the name of a system. */
const DATA_COLUMNS = 3;
const MAX_UTM_ZONE = 60;
const UTM_NORTH = 32_600;
const UTM_SOUTH = 32_700;

/**
 * The system that the first line of a control or position file states: `EPSG:n`, a PROJ string, or words
 * such as `WGS84 UTM 32N`. Form: OpenDroneMap's `gcp_list.txt` and `geo.txt`.
 *
 * @returns null when the line names no system in a form that is known.
 *
 * @example
 * parseStatedCrs('WGS84 UTM 55S'); // { kind: 'epsg', code: 32755 }
 */
export function parseStatedCrs(line: string): StatedCrs | null {
  const epsg = /^EPSG:\s?(\d{4,6})$/i.exec(line);
  if (epsg !== null) return { kind: 'epsg', code: Number(epsg[1]) };
  const utm = /^WGS\s?84\s+UTM\s+(\d{1,2})\s?([NS])$/i.exec(line);
  if (utm !== null) {
    const zone = Number(utm[1]);
    if (zone < 1 || zone > MAX_UTM_ZONE) return null;
    const isNorth = utm[2]!.toUpperCase() === 'N';
    return { kind: 'epsg', code: (isNorth ? UTM_NORTH : UTM_SOUTH) + zone };
  }
  return /^\+(?:proj|init)=\S/.test(line) ? { kind: 'proj', definition: line } : null;
}

/**
 * Whether a first line is data already, so that the file states no system at all.
 *
 * @example
 * isDataLine('686121.7 5330438.1 560.0 100.5 200.2 IMG_1.JPG'); // true
 */
export function isDataLine(line: string): boolean {
  const columns = line.split(/\s+/);
  const numbers = columns.filter((column) => decimalOf(column) !== null).length;
  return numbers >= DATA_COLUMNS;
}
