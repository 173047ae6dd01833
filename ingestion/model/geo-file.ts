import type { Finding } from '../../contracts/findings.ts';
import { type ContentLine, contentLines, decimalOf, statedAccuracy } from './content-lines.ts';
import { CountedFindings } from './counted-findings.ts';
import { escapesFolder, fileFinding, lineFinding } from './file-finding.ts';
import type { RecordedPose, RecordedPoses } from './recorded-poses.ts';
import { isDataLine, parseStatedCrs, type StatedCrs } from './stated-crs.ts';

/** `image x y`, then z, then three angles, then two accuracies; what follows is passed over. */
const COLUMNS = { place: 3, height: 4, angles: 7, accuracies: 9 };

/**
 * Reads OpenDroneMap's `geo.txt`: the system on the first line, then
 * `image x y [z] [yaw pitch roll] [horizontal accuracy, vertical accuracy] [extras]`.
 *
 * @param file its name, for findings.
 * @param elsewhere the system where the file begins with its data.
 */
export function parseGeoFile(
  content: string,
  file: string,
  elsewhere: StatedCrs | null = null,
): RecordedPoses {
  const lines = contentLines(content);
  const [head] = lines;
  const stated = head === undefined ? null : parseStatedCrs(head.text);
  const isBare =
    elsewhere !== null && head !== undefined && stated === null && !('code' in readRow(head, file));
  const crs = isBare ? elsewhere : stated;
  if (head === undefined || crs === null) {
    const found = head === undefined ? 'nothing' : `"${head.text.slice(0, 80)}"`;
    const reason = `its first line must name a coordinate system, such as EPSG:4326: found ${found}`;
    const isMissing = head === undefined || isDataLine(head.text);
    const finding = fileFinding(isMissing ? 'CRS_MISSING' : 'CRS_UNKNOWN', file, reason);
    return { crs: null, poses: [], findings: [finding] };
  }
  const poses: RecordedPose[] = [];
  const findings = new CountedFindings();
  for (const row of isBare ? lines : lines.slice(1)) {
    const read = readRow(row, file);
    if ('code' in read) findings.add(read);
    else poses.push(read);
  }
  return { crs, poses, findings: findings.entries() };
}

function readRow({ number, text }: ContentLine, file: string): RecordedPose | Finding {
  const [image = '', ...columns] = text.split(/\s+/);
  if (escapesFolder(image)) {
    return lineFinding('PATH_ESCAPE', file, number, `"${image}" lies outside the flight's folder`);
  }
  const wanted = columns.slice(0, COLUMNS.accuracies - 1);
  const numbers = wanted.map(decimalOf);
  // Extras may be words; only what stands where a number belongs has to be one.
  const isWhole = (count: number) => numbers.slice(0, count - 1).every((value) => value !== null);
  const has = (count: number) => columns.length >= count - 1;
  if (!has(COLUMNS.place) || !isWhole(COLUMNS.place)) {
    return lineFinding('GEO_ROW_INVALID', file, number, 'it needs an image, x and y');
  }
  if (has(COLUMNS.height) && !isWhole(COLUMNS.height)) {
    return lineFinding('GEO_ROW_INVALID', file, number, 'its height must be a number');
  }
  if (has(COLUMNS.angles) && !isWhole(COLUMNS.angles)) {
    return lineFinding('GEO_ROW_INVALID', file, number, 'yaw, pitch and roll must be numbers');
  }
  const [x, y, z = null, yaw, pitch, roll, sdHorizontal, sdVertical] = numbers;
  const hasAngles = has(COLUMNS.angles);
  return {
    image,
    x: x!,
    y: y!,
    z,
    angles: hasAngles
      ? { convention: 'yaw-pitch-roll', yaw: yaw!, pitch: pitch!, roll: roll! }
      : null,
    sdHorizontal: statedAccuracy(sdHorizontal),
    sdVertical: statedAccuracy(sdVertical),
    line: number,
  };
}
