import { z } from 'zod';
import type { CaptureEvent } from '../../contracts/flight-companions.ts';
import type { TableRow } from './content-lines.ts';
import { readEventRows } from './event-list.ts';
import { faultsIn, parseJson } from './json-file.ts';
import type { RecordedPoses } from './recorded-poses.ts';
import { parseStatedCrs } from './stated-crs.ts';
import { readTrajectoryRows } from './trajectory-table.ts';

export const NAVIGATION_FILE = 'navigation.json';

const record = z.record(
  z.string().max(200),
  z.union([z.number(), z.string().max(4096), z.boolean(), z.null()]),
);
const records = z.array(record).min(1);
const withCrs = z.strictObject({ crs: z.string().trim().min(1).optional(), images: records });

/** Names that the records of a file may have together; tables have some ten columns. */
const MAX_NAMES = 200;

/** What `navigation.json` holds: places of images by name, or events that name none. */
export type NavigationRecords =
  | { poses: RecordedPoses }
  | { events: CaptureEvent[] }
  /** Why it cannot be used, as the end of a sentence that begins with `as`. */
  | { fault: string };

/**
 * Reads `navigation.json`: a list of records whose names are those of the columns of a table, or the same list
 * as `images` beside the `crs` that its coordinates are in. A record may lack what others have.
 *
 * @param file its name, for findings.
 *
 * @example
 * parseNavigationRecords('[{"image":"A.JPG","lat":48.1,"lon":11.5}]', 'navigation.json');
 * // { poses: { crs: { kind: 'epsg', code: 4326 }, poses: [{ image: 'A.JPG', y: 48.1, … }], findings: [] } }
 */
export function parseNavigationRecords(content: string, file: string): NavigationRecords {
  const json = parseJson(content);
  if ('fault' in json) return { fault: `it ${json.fault}` };
  const { value } = json;
  const parsed = Array.isArray(value) ? records.safeParse(value) : withCrs.safeParse(value);
  if (!parsed.success) {
    const faults = faultsIn(parsed.error.issues, value, ['crs', 'images']);
    return {
      fault: `it must be a list of records, or an object with such a list as "images": ${faults}`,
    };
  }
  const list = Array.isArray(parsed.data) ? parsed.data : parsed.data.images;
  const names = namesIn(list);
  if (names.length > MAX_NAMES) return { fault: `its records have more than ${MAX_NAMES} names` };
  const rows = rowsOf(list, names);
  const poses = readTrajectoryRows(names, rows, file);
  if (poses !== null)
    return withStatedCrs(poses, Array.isArray(parsed.data) ? undefined : parsed.data.crs);
  const events = readEventRows(
    names,
    rows.map(({ cells }) => cells),
  );
  if (events !== null) return { events };
  return {
    fault:
      'its records need an image with lat and lon, or with x and y; or, without images, time, lat and lon in each',
  };
}

function withStatedCrs(poses: RecordedPoses, stated: string | undefined): NavigationRecords {
  // Latitude and longitude are degrees of WGS84, whatever else is said.
  if (stated === undefined || poses.crs !== null) return { poses };
  const crs = parseStatedCrs(stated) ?? { kind: 'proj', definition: stated };
  return { poses: { ...poses, crs } };
}

/** Every name that a record has is a column, in the order in which they are met. */
function namesIn(list: readonly z.infer<typeof record>[]): string[] {
  const names = new Set<string>();
  for (const each of list) {
    for (const name of Object.keys(each)) names.add(name);
    if (names.size > MAX_NAMES) break;
  }
  return [...names];
}

function rowsOf(list: readonly z.infer<typeof record>[], names: readonly string[]): TableRow[] {
  return list.map((each, index) => ({
    number: index + 1,
    cells: names.map((name) => textOf(Object.hasOwn(each, name) ? each[name]! : null)),
  }));
}

function textOf(value: z.infer<typeof record>[string]): string {
  return value === null ? '' : String(value).trim();
}
