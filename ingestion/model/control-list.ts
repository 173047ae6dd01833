import type { Finding } from '../../contracts/findings.ts';
import { type ContentLine, contentLines, decimalOf } from './content-lines.ts';
import { CountedFindings } from './counted-findings.ts';
import { escapesFolder, fileFinding, lineFinding } from './file-finding.ts';
import { isDataLine, parseStatedCrs, type StatedCrs } from './stated-crs.ts';

/** One sight of a surveyed point in an image, as the file states it. */
export interface ControlObservation {
  point: string;
  /** Easting or longitude, northing or latitude, in the system of the file; never its official axis order. */
  x: number;
  y: number;
  /** Null when the height is not known. */
  z: number | null;
  /** Pixels, column and row, as stored. */
  u: number;
  v: number;
  image: string;
  line: number;
}

/** What a control file says; `crs` is null when it says nothing usable, and then it has no observations. */
export interface ControlList {
  crs: StatedCrs | null;
  observations: ControlObservation[];
  findings: Finding[];
}

/** Two places of one point that are further apart contradict each other, meters; and as much in degrees. */
const CONFLICT_METERS = 0.001;
const CONFLICT_DEGREES = 1e-8;

/**
 * Reads a control file in OpenDroneMap's form: the system on the first line, then
 * `x y z column row image [point [extras]]`. A row that cannot be used is a finding, and the others count.
 *
 * @param file its name, for findings.
 * @param elsewhere the system where the file begins with its data.
 *
 * @example
 * parseControlList('EPSG:32632\n1 2 3 4 5 A.JPG P1', 'gcp_list.txt').observations[0]?.point; // 'P1'
 */
export function parseControlList(
  content: string,
  file: string,
  elsewhere: StatedCrs | null = null,
): ControlList {
  const lines = contentLines(content);
  const [head] = lines;
  if (head === undefined) return nothing(fileFinding('CRS_MISSING', file, 'it is empty'));
  const stated = parseStatedCrs(head.text);
  const isBare = stated === null && isDataLine(head.text);
  const crs = isBare ? elsewhere : stated;
  if (crs === null) {
    const reason = `its first line must name a coordinate system, such as EPSG:32632: found "${head.text.slice(0, 80)}"`;
    return nothing(fileFinding(isBare ? 'CRS_MISSING' : 'CRS_UNKNOWN', file, reason));
  }
  const observations: ControlObservation[] = [];
  const findings = new CountedFindings();
  for (const row of isBare ? lines : lines.slice(1)) {
    const read = readRow(row, file);
    if ('code' in read) findings.add(read);
    else observations.push(read);
  }
  for (const conflict of conflicts(observations, file, isInDegrees(crs))) findings.add(conflict);
  return { crs, observations, findings: findings.entries() };
}

function nothing(finding: Finding): ControlList {
  return { crs: null, observations: [], findings: [finding] };
}

function readRow({ number, text }: ContentLine, file: string): ControlObservation | Finding {
  const [xText, yText, zText, uText, vText, image, ...name] = text.split(/\s+/);
  if (image === undefined) {
    const reason = 'it needs at least x, y, z, column, row and image';
    return lineFinding('GCP_ROW_INVALID', file, number, reason);
  }
  const [x, y] = [decimalOf(xText), decimalOf(yText)];
  const [u, v] = [decimalOf(uText), decimalOf(vText)];
  // Surveyors write NaN where a height was not measured.
  const z = /^nan$/i.test(zText!) ? null : decimalOf(zText);
  const isHeightReadable = z !== null || /^nan$/i.test(zText!);
  if (x === null || y === null || u === null || v === null || !isHeightReadable) {
    return lineFinding('GCP_ROW_INVALID', file, number, 'its first five columns must be numbers');
  }
  if (escapesFolder(image)) {
    return lineFinding('PATH_ESCAPE', file, number, `"${image}" lies outside the flight's folder`);
  }
  const point = name.join(' ') || [xText, yText, zText].join(' ');
  return { point, x, y, z, u, v, image, line: number };
}

/** Systems of longitude and latitude that are stated as such. */
function isInDegrees(crs: StatedCrs): boolean {
  return crs.kind === 'epsg'
    ? crs.code === 4326
    : /\+proj=(?:longlat|latlong)/.test(crs.definition);
}

function conflicts(
  observations: readonly ControlObservation[],
  file: string,
  inDegrees: boolean,
): Finding[] {
  const places = new Map<string, ControlObservation>();
  const findings: Finding[] = [];
  for (const seen of observations) {
    const first = places.get(seen.point);
    if (first === undefined) places.set(seen.point, seen);
    else if (areApart(first, seen, inDegrees)) {
      const reason = `point "${seen.point}" has other coordinates than on line ${first.line}`;
      findings.push(lineFinding('CONTROL_CONFLICT', file, seen.line, reason, 'error'));
    }
  }
  return findings;
}

function areApart(
  first: ControlObservation,
  second: ControlObservation,
  inDegrees: boolean,
): boolean {
  const isOther = (a: number, b: number) => Math.abs(a - b) > CONFLICT_METERS;
  const least = inDegrees ? CONFLICT_DEGREES : CONFLICT_METERS;
  const isAside = (a: number, b: number) => Math.abs(a - b) > least;
  if (isAside(first.x, second.x) || isAside(first.y, second.y)) return true;
  return first.z !== null && second.z !== null && isOther(first.z, second.z);
}
