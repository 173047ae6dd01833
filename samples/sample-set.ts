import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeSampleSet, type SampleProgress } from './make-sample-set.ts';

/** Raised whenever the generator would write other bytes, so that old sets are made anew. */
const SAMPLE_SET_VERSION = 1;

/** Where the parts of a sample set lie. */
export interface SampleSet {
  /** Holds `images/` and `gcp_list.txt`. */
  flightFolder: string;
  /** A GeoTIFF whose georeference is wrong by a known shift; alone in its folder. */
  scenePath: string;
  /** The same ground, rightly placed. */
  referencePath: string;
}

const MARK = 'sample-set.json';

/**
 * Makes a small flight and a satellite scene in `folder`, or finds the ones made before.
 *
 * The set appears whole or not at all: it grows in a folder beside `folder` and is renamed at the
 * end. Safe to call twice at the same time; one of the two sets is kept.
 *
 * @param folder absent, empty, or a sample set of any version.
 * @throws {Error} when `folder` holds anything else: nothing of yours is deleted.
 */
export async function ensureSampleSet(
  folder: string,
  onProgress: SampleProgress = () => {},
): Promise<SampleSet> {
  const whole = path.resolve(folder);
  if ((await readVersion(whole)) !== SAMPLE_SET_VERSION) {
    await refuseForeignFolder(whole);
    await mkdir(path.dirname(whole), { recursive: true });
    const growing = await mkdtemp(`${whole}.growing-`);
    try {
      // A temporary folder is closed to other accounts; a finished set is for everyone.
      await chmod(growing, 0o755);
      await makeSampleSet(growing, onProgress);
      await writeFile(
        path.join(growing, MARK),
        `${JSON.stringify({ version: SAMPLE_SET_VERSION })}\n`,
      );
      await moveInto(growing, whole);
    } finally {
      await rm(growing, { recursive: true, force: true });
    }
  }
  return {
    flightFolder: path.join(whole, 'flight'),
    scenePath: path.join(whole, 'scene/scene.tif'),
    referencePath: path.join(whole, 'scene-reference/reference.tif'),
  };
}

async function moveInto(growing: string, whole: string): Promise<void> {
  // Another process may have been faster; its set has the same bytes.
  if ((await readVersion(whole)) === SAMPLE_SET_VERSION) return;
  await rm(whole, { recursive: true, force: true });
  try {
    await rename(growing, whole);
  } catch (error) {
    if ((await readVersion(whole)) !== SAMPLE_SET_VERSION) throw error;
  }
}

async function readVersion(folder: string): Promise<number | undefined> {
  try {
    return JSON.parse(await readFile(path.join(folder, MARK), 'utf8')).version;
  } catch {
    return undefined;
  }
}

async function refuseForeignFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  if (names.length > 0 && !names.includes(MARK)) {
    throw new Error(
      `Cannot make the sample set in "${folder}" as it holds other files: found "${names[0]}"`,
    );
  }
}
