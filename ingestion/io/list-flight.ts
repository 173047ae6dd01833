import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageOrigin } from '../../contracts/automation.ts';
import { InvalidInput, MissingSource } from '../../contracts/failures.ts';
import { MAX_FLIGHT_IMAGES } from '../../contracts/flight-limits.ts';
import type { ImageSource } from '../../contracts/flight.ts';
import type { FlightCompanions } from '../../contracts/flight-companions.ts';
import { ArchiveRefused } from '../../platform/archive.ts';
import { DownloadRefused } from '../../platform/download-failures.ts';
import {
  inOrderOfName,
  isBucketAddress,
  listSources,
  listText,
  printableName,
  sourcesOfList,
  withUniqueNames,
} from '../../platform/image-sources.ts';
import { listArchivedFlight } from './archived-flight.ts';
import { bringGroundModel, type ModelBeside } from './bring-ground-model.ts';
import { listBucketFlight } from './bucket-flight.ts';
import { type FolderImages, imagesOfFlight } from './flight-files.ts';
import { findingsOfLeftOut, findingsOfNames, type LeftOut } from './left-out.ts';
import { type SourceOptions, takeSource } from './open-source.ts';
import { companionFolder } from './companion-files.ts';
import { readCompanions, readRequested, type RequestedCompanions } from './read-companions.ts';

/** A flight before its first image is touched. */
export interface FlightListing {
  /** In code-unit order of name; names can be shown, and are unique. */
  sources: ImageSource[];
  /** What the texts beside the images say, and what was left out. */
  companions: FlightCompanions;
}

/** What one kind of origin gives: names as they are there. */
export interface RawListing {
  sources: ImageSource[];
  leftOut: LeftOut[];
  /** Brings the texts that stand beside the images into a folder, or names the folder that they are in. */
  companionsIn: ((scratch: string) => Promise<string>) | null;
  /** The ground model beside the images, where they lie in no folder. */
  groundModel: ModelBeside | null;
}

/**
 * Lists the images of a flight, wherever it lies, and reads the texts that stand beside them.
 *
 * @param request what the client states itself; it goes before what stands beside the images.
 * @throws {InvalidInput} or {MissingSource} when no retry can help.
 */
export async function listFlight(
  origin: ImageOrigin,
  options: SourceOptions,
  request: RequestedCompanions = {},
): Promise<FlightListing> {
  const raw = await listOrigin(origin, options);
  const shown = raw.sources.map((source) => ({ ...source, name: printableName(source.name) }));
  const sources = inOrderOfName(withUniqueNames(inOrderOfName(shown)));
  if (sources.length > MAX_FLIGHT_IMAGES) {
    throw new InvalidInput(
      `Cannot take "${origin.location}" as a flight may have ${MAX_FLIGHT_IMAGES} images: found ${sources.length}, cut it into several`,
    );
  }
  const companions = await companionsOf(
    raw,
    sources.map(({ name }) => name),
    request,
    options,
  );
  const remarks = [
    ...findingsOfLeftOut(raw.leftOut),
    ...findingsOfNames(raw.sources.map(({ name }) => name).sort()),
  ];
  return { sources, companions: { ...companions, findings: [...companions.findings, ...remarks] } };
}

async function listOrigin(origin: ImageOrigin, options: SourceOptions): Promise<RawListing> {
  const { kind, location } = origin;
  if (kind === 'bucket') return listBucketFlight(location, options);
  if (kind === 'archive') {
    return listArchivedFlight(location, options).catch((error: unknown) => {
      if (!(error instanceof ArchiveRefused)) throw error;
      throw new InvalidInput(`Cannot read archive "${location}": ${error.message}`);
    });
  }
  if (kind === 'url-list' && isBucketAddress(location)) {
    const content = await takeSource(location, options, (body) => listText(body, location)).catch(
      (error: unknown) => {
        throw error instanceof DownloadRefused ? new MissingSource(error.message) : error;
      },
    );
    return { sources: sourcesOfList(content, location), leftOut: [], ...nothingBeside };
  }
  let leftOut: LeftOut[] = [];
  const filesBelow = async (folder: string): Promise<FolderImages> => {
    const found = await imagesOfFlight(folder);
    ({ leftOut } = found);
    return found;
  };
  const sources = await listSources(origin, filesBelow, options);
  const companionsIn = kind === 'folder' ? async () => companionFolder(location) : null;
  return { sources, leftOut, companionsIn, groundModel: null };
}

const nothingBeside = { companionsIn: null, groundModel: null } as const;

async function companionsOf(
  { companionsIn, groundModel }: RawListing,
  names: readonly string[],
  request: RequestedCompanions,
  options: SourceOptions,
): Promise<FlightCompanions> {
  if (companionsIn === null) return readRequested(request);
  const scratch = await mkdtemp(join(tmpdir(), 'skyloom-companions-'));
  try {
    const folder = await companionsIn(scratch);
    const companions = await readCompanions(folder, names, request);
    if (groundModel === null) return companions;
    const brought = await bringGroundModel(groundModel, folder, options);
    if ('file' in brought) return { ...companions, groundModel: brought };
    return { ...companions, findings: [...companions.findings, ...findingsOfLeftOut([brought])] };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
