import { createReadStream, type Dirent } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Finding } from '../../contracts/findings.ts';
import { isGroundModel } from '../../contracts/flight-companions.ts';
import type { Ground } from '../../maths/map-projection.ts';
import { isForbidden, isNotFound } from '../../platform/atomic-file.ts';
import { groundBy, groundOf } from '../../platform/coordinate-systems.ts';
import { BOUNDARY_FILE } from '../model/boundary-file.ts';
import { fileFinding, fileWarning } from '../model/file-finding.ts';
import { NAVIGATION_FILE } from '../model/navigation-records.ts';
import { findingsOfLeftOut, type LeftOut, leftOutLink, leftOutSpecial } from './left-out.ts';
import { SETTINGS_FILE } from '../model/settings-file.ts';
import type { StatedCrs } from '../model/stated-crs.ts';

/** A table of a hundred thousand images has some ten megabytes. */
export const MAX_TEXT_BYTES = 32e6;
/** Rows of a control list that has ten for each image of the largest flight; each may end with two characters. */
const MAX_LINES = 1e6;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** Other text files are somebody's notes. */
const MAX_FILES = 50;
/** Of JSON only files of these names are a flight's own: others are somebody's projects and exports. */
const jsonNames = [SETTINGS_FILE, BOUNDARY_FILE, NAVIGATION_FILE];

/** Whether a file right beside the images may say something about them, by its name. */
export function isCompanion(name: string): boolean {
  return /\.(txt|csv|prj)$/i.test(name) || jsonNames.includes(name.toLowerCase());
}

/** The files right in a folder that may say something, in order of name, and what is left out of them. */
export async function companionsIn(
  folder: string,
): Promise<{ names: string[]; findings: Finding[] }> {
  // A ground model is read elsewhere, in pieces; here it is only seen that it is a file.
  const entries = (await readdir(folder, { withFileTypes: true })).filter(
    ({ name }) => (isCompanion(name) && !/\.prj$/i.test(name)) || isGroundModel(name),
  );
  const names = entries
    .filter((entry) => entry.isFile() && !isGroundModel(entry.name))
    .map(({ name }) => name)
    .sort();
  // Whatever notes lie beside them, the files with names of their own are read.
  const own = names.filter((name) => jsonNames.includes(name.toLowerCase()));
  const others = names.filter((name) => !own.includes(name)).slice(0, MAX_FILES);
  const found: { names: string[]; findings: Finding[] } = {
    names: [],
    findings: findingsOfLeftOut(
      entries.filter((entry) => !entry.isFile()).map((entry) => leftOutKind(entry)),
    ),
  };
  for (const name of [...own, ...others].sort()) {
    const fault = await faultOf(join(folder, name));
    if (fault === null) found.names.push(name);
    else
      found.findings.push(
        fileWarning('FILE_LEFT_OUT', name, `Left "${name}" out of the flight as ${fault}`, {}),
      );
  }
  return found;
}

/** What is named as a text and is none: a link may lead anywhere, and a pipe may never end. */
function leftOutKind(entry: Dirent): LeftOut {
  return entry.isSymbolicLink() ? leftOutLink(entry.name) : leftOutSpecial(entry.name);
}

/** Why a text cannot be read, with what to do; null where it can. */
async function faultOf(path: string): Promise<string | null> {
  try {
    // Opened, as only that says whether it may be.
    await (await open(path)).close();
    const fault = await lengthFault(path, (await stat(path)).size);
    return fault === null ? null : `${fault}: shorten it, or take it away`;
  } catch (error) {
    if (isForbidden(error)) return 'the workers may not read it: give them the right to';
    if (isNotFound(error)) return 'it is not there any more: bring it back';
    throw error;
  }
}

/** A text that is longer than that of any flight would take more memory than a worker has. */
async function lengthFault(path: string, bytes: number): Promise<string | null> {
  if (bytes > MAX_TEXT_BYTES) return `it has more than ${MAX_TEXT_BYTES / 1e6} megabytes`;
  if (bytes <= MAX_LINES) return null;
  let lines = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (const byte of chunk) if (byte === LINE_FEED || byte === CARRIAGE_RETURN) lines++;
  }
  return lines > 2 * MAX_LINES ? `it has more than ${MAX_LINES / 1e6} million lines` : null;
}

/** The folder that a flight's companions lie in: images may have a folder of their own below it. */
export function companionFolder(location: string): string {
  return basename(location).toLowerCase() === 'images' ? dirname(location) : location;
}

/** A text beside the images. */
export function readText(folder: string, name: string): Promise<string> {
  return readFile(join(folder, name), 'utf8');
}

/**
 * The system that a file states, or that a `.prj` file of the same name states for it.
 *
 * @param elsewhere what is stated of the flight as a whole, for files that say nothing.
 */
export async function groundOfFile(
  folder: string,
  name: string,
  crs: StatedCrs | null,
  elsewhere: StatedCrs | null,
): Promise<Ground | null> {
  if (crs !== null) return groundOfStated(crs);
  try {
    return groundBy((await readFile(join(folder, sidecarOf(name)), 'utf8')).trim());
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return elsewhere === null ? null : groundOfStated(elsewhere);
  }
}

/** How coordinates of a stated system are brought to the ground, or what is wrong with it. */
export async function groundOfStated(crs: StatedCrs): Promise<Ground> {
  return crs.kind === 'epsg' ? groundOf(crs.code) : groundBy(crs.definition);
}

/** Says that the system of a file is not known, and where to state it. */
export function crsFinding(name: string, ground: Ground | null): Finding {
  if (ground !== null && 'fault' in ground) {
    return fileFinding('CRS_UNKNOWN', name, `it ${ground.fault}`);
  }
  return fileFinding(
    'CRS_MISSING',
    name,
    'it does not say in which system its coordinates are',
    `put a PROJ string or WKT into "${sidecarOf(name)}" beside it`,
  );
}

function sidecarOf(name: string): string {
  return `${basename(name, extname(name))}.prj`;
}
