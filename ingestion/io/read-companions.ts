import type { Finding } from '../../contracts/findings.ts';
import type { FlightCompanions } from '../../contracts/flight-companions.ts';
import type { FlightSettings, RequestedSettings } from '../../contracts/flight-settings.ts';
import { BOUNDARY_FILE, parseBoundaryFile } from '../model/boundary-file.ts';
import { fileFinding } from '../model/file-finding.ts';
import { GROUPS_FILE, parseImageGroups } from '../model/image-groups.ts';
import { parseSettingsFile, SETTINGS_FILE } from '../model/settings-file.ts';
import { parseStatedCrs, type StatedCrs } from '../model/stated-crs.ts';
import { stateSettings } from '../model/stated-settings.ts';
import { companionsIn, groundOfStated, readText } from './companion-files.ts';
import { type NamedControl, readControl, readNamedPoints } from './read-control.ts';
import { readPositions } from './read-positions.ts';

const controlNames = ['gcp_list.txt', 'gcp_file.txt', 'ground_control_points.txt'];
const CHECK_FILE = 'checkpoints.txt';
/** Forms of their own, which are not tables of positions. */
const otherNames = [GROUPS_FILE, CHECK_FILE, SETTINGS_FILE, BOUNDARY_FILE, ...controlNames];

/** What a client says itself: it goes before what stands beside the images. */
export type RequestedCompanions = NamedControl & RequestedSettings;

/**
 * Reads what stands beside the images of a flight: `flight.json`, `boundary.geojson`, `geo.txt` or a table of
 * positions, the control lists, the groups.
 *
 * @param folder of the flight; only files right in it are looked at.
 * @param imageNames names of the images.
 */
export async function readCompanions(
  folder: string,
  imageNames: readonly string[],
  request: RequestedCompanions = {},
): Promise<FlightCompanions> {
  const { names, findings: tooLong } = await companionsIn(folder);
  const { settings, crs, findings } = await readSettings(folder, names, request);
  findings.push(...tooLong);
  const beside = await readBeside(folder, names, request, crs, findings);
  const tables = names.filter((name) => !otherNames.includes(name.toLowerCase()));
  const positions = await readPositions(folder, tables, imageNames, crs);
  return {
    ...positions,
    ...beside,
    ...(settings === undefined ? {} : { settings }),
    findings: [...findings, ...positions.findings],
  };
}

/** What is known of a flight whose images lie in no folder: only what a client says. */
export async function readRequested(request: RequestedCompanions): Promise<FlightCompanions> {
  const { points, findings } = await readNamedPoints(request, null);
  const settings = stateSettings(null, request);
  return {
    poseFile: null,
    poses: {},
    control: points,
    ...(settings === undefined ? {} : { settings }),
    findings,
  };
}

interface ReadSettings {
  settings: FlightCompanions['settings'];
  crs: StatedCrs | null;
  findings: Finding[];
}

async function readSettings(
  folder: string,
  names: readonly string[],
  request: RequestedSettings,
): Promise<ReadSettings> {
  const name = names.find((each) => each.toLowerCase() === SETTINGS_FILE);
  if (name === undefined)
    return { settings: stateSettings(null, request), crs: null, findings: [] };
  const { settings: file, findings } = parseSettingsFile(await readText(folder, name), name);
  const crs = await crsOf(file, name, findings);
  return { settings: stateSettings(file, request), crs, findings };
}

async function crsOf(
  settings: FlightSettings | null,
  name: string,
  findings: Finding[],
): Promise<StatedCrs | null> {
  if (settings?.crs === undefined) return null;
  const crs = parseStatedCrs(settings.crs) ?? { kind: 'proj' as const, definition: settings.crs };
  const ground = await groundOfStated(crs);
  if (!('fault' in ground)) return crs;
  findings.push(fileFinding('CRS_UNKNOWN', name, `its crs ${ground.fault}`));
  return null;
}

/** @param findings receives what is wrong with the files. */
async function readBeside(
  folder: string,
  names: readonly string[],
  named: NamedControl,
  crs: StatedCrs | null,
  findings: Finding[],
): Promise<Pick<FlightCompanions, 'control' | 'groups' | 'boundary'>> {
  const { points: control, findings: faults } = await readNamedPoints(named, crs);
  findings.push(...faults);
  const beside: Pick<FlightCompanions, 'groups' | 'boundary'> = {};
  for (const name of names) {
    const form = name.toLowerCase();
    if (controlNames.includes(form) && named.control !== undefined) continue;
    if (form === CHECK_FILE && named.checkPoints !== undefined) continue;
    if (controlNames.includes(form) || form === CHECK_FILE) {
      const role = form === CHECK_FILE ? 'check' : 'control';
      const read = await readControl(folder, name, role, crs);
      for (const point of read.points) control.push(point);
      findings.push(...read.findings);
    } else if (form === GROUPS_FILE) {
      const read = parseImageGroups(await readText(folder, name), name);
      beside.groups = read.groups;
      findings.push(...read.findings);
    } else if (form === BOUNDARY_FILE) {
      const { boundary, findings: wrong } = parseBoundaryFile(await readText(folder, name), name);
      if (boundary !== null) beside.boundary = boundary;
      findings.push(...wrong);
    }
  }
  return { control, ...beside };
}
