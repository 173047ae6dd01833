import type { Finding } from '../../contracts/findings.ts';
import type { FlightCompanions } from '../../contracts/flight-companions.ts';
import { parseEventList } from '../model/event-list.ts';
import { fileFinding } from '../model/file-finding.ts';
import { keysOfName, placePoses } from '../model/filed-poses.ts';
import { parseGeoFile } from '../model/geo-file.ts';
import { NAVIGATION_FILE, parseNavigationRecords } from '../model/navigation-records.ts';
import type { RecordedPoses } from '../model/recorded-poses.ts';
import type { StatedCrs } from '../model/stated-crs.ts';
import { parseTrajectoryTable } from '../model/trajectory-table.ts';
import { crsFinding, groundOfFile, readText } from './companion-files.ts';

/** A table that names fewer of the images belongs to another flight. */
const LEAST_SHARE = 0.5;
/** Events an image: some are of exposures that were deleted. */
const MOST_EVENTS = 2;

export const GEO_FILE = 'geo.txt';

type Positions = Pick<FlightCompanions, 'poseFile' | 'poses' | 'events' | 'findings'>;
type EventFile = NonNullable<FlightCompanions['events']>;

interface PoseFile {
  name: string;
  recorded: RecordedPoses;
}

/** Texts that may be tables of positions, as they are read. */
interface Tables {
  folder: string;
  /** In order of name, without those of a form of their own. */
  names: readonly string[];
  imageNames: readonly string[];
  /** The system of tables that name none. */
  elsewhere: StatedCrs | null;
  /** Receives what is wrong with files that cannot be read at all. */
  findings: Finding[];
}

/**
 * Where the images were taken, as the texts beside them say: `geo.txt`, else the first table, in order of name,
 * that names at least half of the images and whose system is known, else a list of camera events.
 *
 * @param names of the texts, without those of other forms.
 */
export async function readPositions(
  folder: string,
  names: readonly string[],
  imageNames: readonly string[],
  elsewhere: StatedCrs | null,
): Promise<Positions> {
  const findings: Finding[] = [];
  const tables: Tables = { folder, names, imageNames, elsewhere, findings };
  const nowhere: Positions = { poseFile: null, poses: {}, findings };
  const file = await findPoseFile(tables);
  if (file === null) {
    const events = await readEvents(tables);
    return events === null ? nowhere : { ...nowhere, events };
  }
  const { recorded, name } = file;
  const ground = await groundOfFile(folder, name, recorded.crs, elsewhere);
  findings.push(...recorded.findings);
  if (ground === null || 'fault' in ground) {
    if (recorded.crs !== null || recorded.findings.length === 0) {
      findings.push(crsFinding(name, ground));
    }
    return nowhere;
  }
  const isGeographic = recorded.crs?.kind === 'epsg' && recorded.crs.code === 4326;
  const placed = placePoses(recorded.poses, ground.toGround, isGeographic, name);
  return { poseFile: name, poses: placed.poses, findings: [...findings, ...placed.findings] };
}

async function findPoseFile(tables: Tables): Promise<PoseFile | null> {
  const { folder, names, imageNames, elsewhere } = tables;
  const geo = names.find((name) => name.toLowerCase() === GEO_FILE);
  if (geo !== undefined) {
    return { name: geo, recorded: parseGeoFile(await readText(folder, geo), geo, elsewhere) };
  }
  const wanted = new Set(imageNames.flatMap(keysOfName));
  let unplaced: PoseFile | null = null;
  for (const name of names) {
    const recorded = await readTable(tables, name);
    if (recorded === null) continue;
    const named = recorded.poses.filter(({ image }) =>
      keysOfName(image).some((key) => wanted.has(key)),
    );
    if (named.length < imageNames.length * LEAST_SHARE) continue;
    const ground = await groundOfFile(folder, name, recorded.crs, elsewhere);
    if (ground !== null && !('fault' in ground)) return { name, recorded };
    unplaced ??= { name, recorded };
  }
  return unplaced;
}

async function readTable(
  { folder, findings }: Tables,
  name: string,
): Promise<RecordedPoses | null> {
  const content = await readText(folder, name);
  if (name.toLowerCase() !== NAVIGATION_FILE) return parseTrajectoryTable(content, name);
  const read = parseNavigationRecords(content, name);
  // Of tables nobody knows what they were meant to be; this file has its name from its use.
  if ('fault' in read) findings.push(fileFinding('COMPANION_INVALID', name, read.fault));
  return 'poses' in read ? read.poses : null;
}

/** The first list of camera events, in order of name: about as many as there are images. */
async function readEvents({ folder, names, imageNames }: Tables): Promise<EventFile | null> {
  const images = imageNames.length;
  for (const name of names) {
    const events = eventsIn(await readText(folder, name), name);
    if (events === null) continue;
    // A log of the whole flight has many more rows, and under any offset a row near each image.
    const isOfImages =
      events.length <= MOST_EVENTS * images && events.length >= LEAST_SHARE * images;
    if (isOfImages) return { file: name, events };
  }
  return null;
}

function eventsIn(content: string, name: string): EventFile['events'] | null {
  if (name.toLowerCase() !== NAVIGATION_FILE) return parseEventList(content);
  const read = parseNavigationRecords(content, name);
  return 'events' in read ? read.events : null;
}
