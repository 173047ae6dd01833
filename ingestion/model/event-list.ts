import type { CaptureEvent } from '../../contracts/flight-companions.ts';
import { contentLines, decimalOf, statedAccuracy } from './content-lines.ts';

const aliases = {
  time: ['time', 'gps_time', 'gpst', 'utc', 'timestamp', 'seconds'],
  latitude: ['lat', 'latitude'],
  longitude: ['lon', 'lng', 'long', 'longitude'],
  altitude: ['alt', 'height', 'z', 'altitude', 'h'],
  sdHorizontal: ['sd_h', 'accuracy_h', 'xy_acc'],
  sdVertical: ['sd_v', 'accuracy_v', 'z_acc'],
} as const;

type Column = keyof typeof aliases;

/** Seconds of no clock: the year 5000 counted from 1970. Sums of such numbers may leave the range of numbers. */
const TOO_LATE = 1e11;

/** Fewer events are no list. */
const LEAST_EVENTS = 3;

/**
 * Reads a list of camera events: a table with a header that has a time, a latitude and a longitude (WGS84),
 * and names no images. Times are ISO 8601, `2019/04/11 03:01:21.1`, or seconds.
 *
 * @returns null when the text is no such list, or one of its rows cannot be read: then nobody can say which
 * event it stands for.
 *
 * @example
 * parseEventList('time,lat,lon\n1,48,11\n2,48,11\n3,48,11')?.length; // 3
 */
export function parseEventList(content: string): CaptureEvent[] | null {
  const [head, ...rows] = contentLines(content.replace(/^(\uFEFF?)[#%]\s*/, '$1'));
  if (head === undefined) return null;
  const separator = [',', ';', '\t'].find((each) => head.text.includes(each));
  if (separator === undefined) return null;
  const cellsOf = (text: string) => text.split(separator).map((cell) => cell.trim());
  return readEventRows(
    cellsOf(head.text),
    rows.map(({ text }) => cellsOf(text)),
  );
}

/**
 * The same of rows that have been told apart already.
 *
 * @param columnNames of the cells of each row.
 */
export function readEventRows(
  columnNames: readonly string[],
  rows: readonly (readonly string[])[],
): CaptureEvent[] | null {
  if (rows.length < LEAST_EVENTS) return null;
  const names = columnNames.map((name) => name.toLowerCase());
  const at = (column: Column) =>
    names.findIndex((name) =>
      (aliases[column] as readonly string[]).includes(name.replace(/[\s/([].*$/, '')),
    );
  const columns = { time: at('time'), latitude: at('latitude'), longitude: at('longitude') };
  const namesImages = names.some((name) => /^(?:image|filename|label|name|photo)$/.test(name));
  if (namesImages || Object.values(columns).includes(-1)) return null;
  const events: CaptureEvent[] = [];
  for (const cells of rows) {
    const value = (column: Column) => decimalOf(cells[at(column)]);
    const seconds = secondsOf(cells[columns.time]);
    const [latitude, longitude] = [value('latitude'), value('longitude')];
    if (seconds === null || latitude === null || longitude === null) return null;
    if (Math.abs(seconds) > TOO_LATE) return null;
    if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
    events.push({
      seconds,
      latitude,
      longitude,
      altitude: value('altitude'),
      sdHorizontal: statedAccuracy(value('sdHorizontal')),
      sdVertical: statedAccuracy(value('sdVertical')),
    });
  }
  return events;
}

function secondsOf(text: string | undefined): number | null {
  const seconds = decimalOf(text);
  if (seconds !== null || text === undefined) return seconds;
  const found = /^(\d{4})[-/:](\d{2})[-/:](\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)Z?$/.exec(
    text,
  );
  if (found === null) return null;
  const [, year, month, day, clock] = found;
  const milliseconds = Date.parse(`${year}-${month}-${day}T${clock}Z`);
  return Number.isFinite(milliseconds) ? milliseconds / 1000 : null;
}
