import { contentLines, decimalOf, statedAccuracy, type TableRow } from './content-lines.ts';
import { CountedFindings } from './counted-findings.ts';
import { escapesFolder, fileFinding, lineFinding } from './file-finding.ts';
import type { RecordedAngles, RecordedPose, RecordedPoses } from './recorded-poses.ts';

/** Names that the makers of such tables give to a column, in lower case. */
const aliases = {
  image: ['image', 'filename', 'label', 'name', '#label', 'photo'],
  latitude: ['lat', 'latitude'],
  longitude: ['lon', 'lng', 'long', 'longitude'],
  height: ['alt', 'height', 'z', 'altitude', 'h'],
  x: ['x', 'easting', 'east'],
  y: ['y', 'northing', 'north'],
  yaw: ['yaw', 'heading'],
  pitch: ['pitch'],
  roll: ['roll'],
  omega: ['omega'],
  phi: ['phi'],
  kappa: ['kappa'],
  sdHorizontal: ['sd_h', 'accuracy_h', 'xy_acc'],
  sdVertical: ['sd_v', 'accuracy_v', 'z_acc'],
} as const;

type Column = keyof typeof aliases;
type Columns = Partial<Record<Column, number>>;

/** Columns of a list without a header: `name x y z omega phi kappa`, as Applanix and IGI write it. */
const headless: Columns = { image: 0, x: 1, y: 2, height: 3, omega: 4, phi: 5, kappa: 6 };
const HEADLESS_COLUMNS = 7;

/**
 * Reads a table of positions and attitudes: with a header in any order (commas, semicolons or tabs), or
 * an OPK list without one, separated by white space. Latitude and longitude are WGS84; x and y are in a
 * system that the table itself does not name.
 *
 * @param file its name, for findings.
 * @returns null when the file is no such table.
 *
 * @example
 * parseTrajectoryTable('image,lat,lon\nA.JPG,48.1,11.5', 'nav.csv')?.poses[0]?.y; // 48.1
 */
export function parseTrajectoryTable(content: string, file: string): RecordedPoses | null {
  // A header may start with the sign of a comment, as one maker writes `#Label`.
  const lines = contentLines(content.replace(/^(\uFEFF?)#(?=label\b)/i, '$1'));
  const [head] = lines;
  if (head === undefined) return null;
  const separator = [',', ';', '\t'].find((each) => head.text.includes(each)) ?? /\s+/;
  const rows = lines.map(({ number, text }) => ({ number, cells: cellsOf(text, separator) }));
  const [names, ...others] = rows;
  const read = readTrajectoryRows(names!.cells, others, file);
  if (read !== null) return read;
  return isHeadlessRow(names!.cells) ? readRows(rows, headless, file) : null;
}

/**
 * The same of rows that have been told apart already.
 *
 * @param names of the columns.
 */
export function readTrajectoryRows(
  names: readonly string[],
  rows: readonly TableRow[],
  file: string,
): RecordedPoses | null {
  const columns = columnsOf(names);
  return columns === null ? null : readRows(rows, columns, file);
}

function columnsOf(names: readonly string[]): Columns | null {
  const columns: Columns = {};
  for (const [index, name] of names.entries()) {
    const bare = name.toLowerCase().replace(/[\s/([].*$/, '');
    const found = (Object.keys(aliases) as Column[]).find((column) =>
      (aliases[column] as readonly string[]).includes(bare),
    );
    if (found !== undefined) columns[found] ??= index;
  }
  const hasPlace =
    (columns.latitude !== undefined && columns.longitude !== undefined) ||
    (columns.x !== undefined && columns.y !== undefined);
  return columns.image !== undefined && hasPlace ? columns : null;
}

function isHeadlessRow(cells: string[]): boolean {
  const numbers = cells.slice(1, HEADLESS_COLUMNS).map(decimalOf);
  const isComplete = cells.length >= HEADLESS_COLUMNS && !numbers.includes(null);
  return isComplete && decimalOf(cells[0]) === null;
}

function readRows(rows: readonly TableRow[], columns: Columns, file: string): RecordedPoses {
  const isGeographic = columns.latitude !== undefined && columns.longitude !== undefined;
  const poses: RecordedPose[] = [];
  const findings = new CountedFindings();
  for (const { number, cells } of rows) {
    const value = (column: Column) =>
      columns[column] === undefined ? null : decimalOf(cells[columns[column]]);
    const image = cells[columns.image!] ?? '';
    const [x, y] = isGeographic
      ? [value('longitude'), value('latitude')]
      : [value('x'), value('y')];
    if (image === '' || x === null || y === null) {
      const reason = 'it needs an image and two coordinates that are numbers';
      findings.add(lineFinding('GEO_ROW_INVALID', file, number, reason));
    } else if (escapesFolder(image)) {
      const reason = `"${image}" lies outside the flight's folder`;
      findings.add(lineFinding('PATH_ESCAPE', file, number, reason));
    } else {
      poses.push({
        image,
        x,
        y,
        z: value('height'),
        angles: anglesOf(value),
        sdHorizontal: statedAccuracy(value('sdHorizontal')),
        sdVertical: statedAccuracy(value('sdVertical')),
        line: number,
      });
    }
  }
  if (poses.length === 0) {
    findings.add(fileFinding('GEO_ROW_INVALID', file, 'none of its rows can be read'));
  }
  return {
    crs: isGeographic ? { kind: 'epsg', code: 4326 } : null,
    poses,
    findings: findings.entries(),
  };
}

/** Omega, phi and kappa win: a table that has them was made by an adjustment. */
function anglesOf(value: (column: Column) => number | null): RecordedAngles | null {
  const [omega, phi, kappa] = [value('omega'), value('phi'), value('kappa')];
  if (omega !== null && phi !== null && kappa !== null) {
    return { convention: 'omega-phi-kappa', omega, phi, kappa };
  }
  const [yaw, pitch, roll] = [value('yaw'), value('pitch'), value('roll')];
  if (yaw === null || pitch === null || roll === null) return null;
  return { convention: 'yaw-pitch-roll', yaw, pitch, roll };
}

function cellsOf(text: string, separator: string | RegExp): string[] {
  return text.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}
