import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Finding } from '../../contracts/findings.ts';
import type { ControlPoint } from '../../contracts/flight.ts';
import type { FlightCompanions } from '../../contracts/flight-companions.ts';
import type { Ground } from '../../maths/map-projection.ts';
import { isNotFound } from '../../platform/atomic-file.ts';
import { groundBy, groundOf } from '../../platform/coordinate-systems.ts';
import { parseControlList } from '../model/control-list.ts';
import { placeControl } from '../model/control-points.ts';
import { parseEventList } from '../model/event-list.ts';
import { fileFinding } from '../model/file-finding.ts';
import { keysOfName, placePoses } from '../model/filed-poses.ts';
import { parseGeoFile } from '../model/geo-file.ts';
import { GROUPS_FILE, parseImageGroups } from '../model/image-groups.ts';
import type { RecordedPoses } from '../model/recorded-poses.ts';
import type { StatedCrs } from '../model/stated-crs.ts';
import { parseTrajectoryTable } from '../model/trajectory-table.ts';

/** A table of a hundred thousand images has some ten megabytes. */
const MAX_BYTES = 32e6;
/** Other text files are somebody's notes. */
const MAX_FILES = 50;
/** A table that names fewer of the images belongs to another flight. */
const LEAST_SHARE = 0.5;

/** Events an image: some are of exposures that were deleted. */
const MOST_EVENTS = 2;

const geoName = 'geo.txt';
const controlNames = new Set(['gcp_list.txt', 'gcp_file.txt', 'ground_control_points.txt']);
/** Forms of their own, which are not tables of positions. */
const checkName = 'checkpoints.txt';
const otherNames = new Set([GROUPS_FILE, checkName, geoName, ...controlNames]);

/**
 * Reads what stands beside the images of a flight: `geo.txt`, a table of positions or an OPK list, and
 * the control list. Without `geo.txt` the first table counts, in order of name, that names at least half
 * of the images and whose coordinate system is known.
 *
 * @param folder of the flight; only files right in it are looked at.
 * @param imageNames names of the images.
 * @param named lists that stand in place of those in the folder.
 */
export async function readCompanions(
  folder: string,
  imageNames: readonly string[],
  named: NamedControl = {},
): Promise<FlightCompanions> {
  const names = await textFilesIn(folder);
  const findings: Finding[] = [];
  const beside = await readBeside(folder, names, named, findings);
  const file = await findPoseFile(folder, names, imageNames);
  if (file === null) {
    const events = await readEvents(folder, names, imageNames.length);
    return {
      poseFile: null,
      poses: {},
      ...(events === null ? {} : { events }),
      ...beside,
      findings,
    };
  }
  const ground = await groundOfFile(folder, file.name, file.recorded.crs);
  findings.push(...file.recorded.findings);
  if (ground === null || 'fault' in ground) {
    if (file.recorded.crs !== null || file.recorded.findings.length === 0) {
      findings.push(crsFinding(file.name, ground));
    }
    return { poseFile: null, poses: {}, ...beside, findings };
  }
  const isGeographic = file.recorded.crs?.kind === 'epsg' && file.recorded.crs.code === 4326;
  const placed = placePoses(file.recorded.poses, ground.toGround, isGeographic, file.name);
  return {
    poseFile: file.name,
    poses: placed.poses,
    ...beside,
    findings: [...findings, ...placed.findings],
  };
}

/** Lists of surveyed points that a client names, as whole paths, in place of those beside the images. */
export interface NamedControl {
  control?: string | undefined;
  checkPoints?: string | undefined;
}

/** What is known of a flight whose images lie in no folder: only the lists that a client names. */
export async function readNamedControl(named: NamedControl): Promise<FlightCompanions> {
  const findings: Finding[] = [];
  const control = await namedPoints(named, findings);
  return { poseFile: null, poses: {}, control, findings };
}

async function namedPoints(
  { control, checkPoints }: NamedControl,
  findings: Finding[],
): Promise<ControlPoint[]> {
  const points: ControlPoint[] = [];
  for (const [path, role] of [
    [control, 'control'],
    [checkPoints, 'check'],
  ] as const) {
    if (path === undefined) continue;
    const read = await readControl(dirname(path), basename(path), role);
    points.push(...read.points);
    findings.push(...read.findings);
  }
  return points;
}

/** @param findings receives what is wrong with the files. */
async function readBeside(
  folder: string,
  names: readonly string[],
  named: NamedControl,
  findings: Finding[],
): Promise<Pick<FlightCompanions, 'control' | 'groups'>> {
  const control = await namedPoints(named, findings);
  let groups: Record<string, string> | undefined;
  for (const name of names) {
    const form = name.toLowerCase();
    if (controlNames.has(form) && named.control !== undefined) continue;
    if (form === checkName && named.checkPoints !== undefined) continue;
    if (controlNames.has(form) || form === checkName) {
      const role = form === checkName ? 'check' : 'control';
      const read = await readControl(folder, name, role);
      control.push(...read.points);
      findings.push(...read.findings);
    } else if (form === GROUPS_FILE) {
      const read = parseImageGroups(await readFile(join(folder, name), 'utf8'), name);
      groups = read.groups;
      findings.push(...read.findings);
    }
  }
  return { control, ...(groups === undefined ? {} : { groups }) };
}

/** Reads a control file, or one of check points, which has the same form. */
export async function readControl(
  folder: string,
  name: string,
  role: ControlPoint['role'],
): Promise<{ points: ControlPoint[]; findings: Finding[] }> {
  const { crs, observations, findings } = parseControlList(
    await readFile(join(folder, name), 'utf8'),
    name,
  );
  if (crs === null) return { points: [], findings };
  const ground = await groundOfFile(folder, name, crs);
  if (ground === null || 'fault' in ground) {
    return { points: [], findings: [...findings, crsFinding(name, ground)] };
  }
  const stated = crs.kind === 'epsg' ? `EPSG:${crs.code}` : crs.definition;
  const placed = placeControl(observations, ground.toGround, { crs: stated, role, file: name });
  return { points: placed.points, findings: [...findings, ...placed.findings] };
}

/** The first list of camera events, in order of name: about as many as there are images. */
async function readEvents(
  folder: string,
  names: readonly string[],
  images: number,
): Promise<NonNullable<FlightCompanions['events']> | null> {
  for (const name of names) {
    if (otherNames.has(name.toLowerCase())) continue;
    const events = parseEventList(await readFile(join(folder, name), 'utf8'));
    if (events === null) continue;
    // A log of the whole flight has many more rows, and under any offset a row near each image.
    const isOfImages =
      events.length <= MOST_EVENTS * images && events.length >= LEAST_SHARE * images;
    if (isOfImages) return { file: name, events };
  }
  return null;
}

interface PoseFile {
  name: string;
  recorded: RecordedPoses;
}

async function findPoseFile(
  folder: string,
  names: readonly string[],
  imageNames: readonly string[],
): Promise<PoseFile | null> {
  const geo = names.find((name) => name.toLowerCase() === geoName);
  if (geo !== undefined) {
    return { name: geo, recorded: parseGeoFile(await readFile(join(folder, geo), 'utf8'), geo) };
  }
  const wanted = new Set(imageNames.flatMap(keysOfName));
  let unplaced: PoseFile | null = null;
  for (const name of names) {
    if (otherNames.has(name.toLowerCase())) continue;
    const recorded = parseTrajectoryTable(await readFile(join(folder, name), 'utf8'), name);
    if (recorded === null) continue;
    const named = recorded.poses.filter(({ image }) =>
      keysOfName(image).some((key) => wanted.has(key)),
    );
    if (named.length < imageNames.length * LEAST_SHARE) continue;
    const ground = await groundOfFile(folder, name, recorded.crs);
    if (ground !== null && !('fault' in ground)) return { name, recorded };
    unplaced ??= { name, recorded };
  }
  return unplaced;
}

/** The system that the file states, or that a `.prj` file of the same name states for it. */
async function groundOfFile(
  folder: string,
  name: string,
  crs: StatedCrs | null,
): Promise<Ground | null> {
  if (crs?.kind === 'epsg') return groundOf(crs.code);
  if (crs?.kind === 'proj') return groundBy(crs.definition);
  const sidecar = join(folder, `${basename(name, extname(name))}.prj`);
  try {
    return groundBy((await readFile(sidecar, 'utf8')).trim());
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

function crsFinding(name: string, ground: Ground | null): Finding {
  if (ground !== null && 'fault' in ground) {
    return fileFinding('CRS_UNKNOWN', name, `it ${ground.fault}`);
  }
  const sidecar = `${basename(name, extname(name))}.prj`;
  return fileFinding(
    'CRS_MISSING',
    name,
    `it does not say in which system its coordinates are: put a PROJ string or WKT into "${sidecar}" beside it`,
  );
}

async function textFilesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /\.(txt|csv)$/i.test(name)).sort();
  const found: string[] = [];
  for (const name of names.slice(0, MAX_FILES)) {
    const entry = await stat(join(folder, name));
    if (entry.isFile() && entry.size <= MAX_BYTES) found.push(name);
  }
  return found;
}

/** The folder that a flight's companions lie in: images may have a folder of their own below it. */
export function companionFolder(location: string): string {
  return basename(location).toLowerCase() === 'images' ? dirname(location) : location;
}
