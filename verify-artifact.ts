import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { createTaskRegistry } from './flow-tasks.ts';
import type { ArtifactRef } from './contracts/artifacts.ts';
import type { Json } from './contracts/flow-definition.ts';
import { performTask } from './flows/build/perform-task.ts';
import type { Task } from './flows/build/task.ts';
import { closeCutoutPools } from './imaging/tasks/cutout.ts';
import { inSlices } from './imaging/io/in-slices.ts';
import { type Provenance, ProvenanceBook } from './imaging/io/provenance.ts';
import { imageDifference } from './imaging/model/image-difference.ts';
import { closePixelThreads } from './ingestion/io/pixel-threads.ts';
import type { ArtifactStore } from './platform/artifact-store.ts';
import { isNotFound } from './platform/atomic-file.ts';
import type { Settings } from './platform/configuration.ts';
import { closeDownloads } from './platform/download.ts';
import { openArtifactStore } from './platform/open-store.ts';

/** Steps back that are gone when inputs are no longer stored. */
const MAX_STEPS_BACK = 20;

/** What making a file again gave. */
export interface Verification {
  /**
   * `equal` in every byte, or `different`; `damaged` when the stored file is not the one that its name says:
   * then the one that was made is compared with the name.
   */
  verdict: 'equal' | 'different' | 'damaged';
  artifact: string;
  madeBy: Provenance;
  /** Largest difference of a sample, of 1, when both are images of one size; null when that says nothing. */
  largestDifference: number | null;
  /** Inputs that were no longer stored, or were stored damaged, and were made again, too. */
  remade: string[];
  /** Files whose stored bytes are not those that their name says. */
  damaged: string[];
}

/** Nothing can be said about a file. */
export class NotVerifiable extends Error {}

/**
 * Makes a stored file again, from what is known of its making, and compares.
 *
 * @throws {NotVerifiable} when nobody knows how it was made, or an input is gone and can't be made again.
 */
export async function verifyArtifact(
  artifact: string,
  settings: Settings,
  signal: AbortSignal,
): Promise<Verification> {
  const registry = await createTaskRegistry(settings);
  // Of files that tasks read and write by their paths.
  const folder = await mkdtemp(join(tmpdir(), 'skyloom-verify-'));
  const maker = new Maker(settings, registry.tasks, folder, signal);
  try {
    const madeBy = await maker.provenanceOf(artifact);
    const made = await maker.makeAgain(madeBy, 0);
    const isEqual = made.has(artifact);
    const others = [...made.values()];
    const stored = await maker.storedBytes(artifact);
    const largestDifference =
      isEqual || others.length !== 1 || stored === null
        ? null
        : await differenceBetween(stored, others[0]!, signal);
    const { remade } = maker;
    const damaged = [...maker.damaged];
    const verdict = damaged.includes(artifact) ? 'damaged' : isEqual ? 'equal' : 'different';
    return { verdict, artifact, madeBy, largestDifference, remade, damaged };
  } finally {
    await Promise.all([closeCutoutPools(), closePixelThreads(), closeDownloads()]);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs tasks again with what is stored, and stores nothing. */
class Maker {
  readonly remade: string[] = [];
  readonly damaged = new Set<string>();
  private readonly written = new Set<string>();
  private readonly store: ArtifactStore;
  private readonly book: ProvenanceBook;
  private readonly tasks: ReadonlyMap<string, Task>;
  private readonly folder: string;
  private readonly signal: AbortSignal;

  constructor(
    settings: Settings,
    tasks: ReadonlyMap<string, Task>,
    folder: string,
    signal: AbortSignal,
  ) {
    this.store = openArtifactStore(settings);
    this.book = new ProvenanceBook(settings);
    this.tasks = tasks;
    this.folder = folder;
    this.signal = signal;
  }

  async provenanceOf(sha256: string): Promise<Provenance> {
    const found = await this.book.find(sha256);
    if (found !== null) return found;
    throw new NotVerifiable(
      `Cannot verify "${sha256}" as nothing is known of how it was made: it was changed since a task of this storage stored it, or none did`,
    );
  }

  /** @returns what the task stores this time, by content. */
  async makeAgain(
    { task: name, parameters }: Provenance,
    stepsBack: number,
  ): Promise<Map<string, Uint8Array>> {
    const task = this.tasks.get(name);
    if (task === undefined) {
      throw new NotVerifiable(
        `Cannot verify as task "${name}" is not known here: name its module in SKYLOOM_TASKS`,
      );
    }
    const made = new Map<string, Uint8Array>();
    const put = async (bytes: Uint8Array, mediaType: string): Promise<ArtifactRef> => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      made.set(sha256, bytes);
      return { sha256, bytes: bytes.length, mediaType };
    };
    const request = { input: parameters as Json, address: 'verify', repeat: 0, channels: {} };
    await performTask(task, request, {
      attempt: 1,
      runId: 'verify',
      sessionId: 'verify',
      signal: this.signal,
      resumeFrom: undefined,
      heartbeat: () => undefined,
      log: () => undefined,
      open: ({ sha256 }) => this.bytesOf(sha256, stepsBack),
      fileOf: ({ sha256 }) => this.fileOf(sha256, stepsBack),
      put,
      putFile: async (path, mediaType) => put(await readFile(path), mediaType),
      withScratchFile: (work) => work(join(this.folder, randomUUID())),
      remove: async () => 0,
      removeAllBut: async () => 0,
    });
    return made;
  }

  /** From the storage; what was given back, or is damaged, is made again. */
  private async bytesOf(sha256: string, stepsBack: number): Promise<Uint8Array> {
    const stored = await this.storedBytes(sha256);
    if (stored !== null) return stored;
    const state = this.damaged.has(sha256) ? 'is damaged in the storage' : 'is no longer stored';
    if (stepsBack >= MAX_STEPS_BACK) {
      throw new NotVerifiable(`Cannot verify as input "${sha256}" is too many steps back`);
    }
    const madeBy = await this.book.find(sha256);
    if (madeBy === null) {
      throw new NotVerifiable(
        `Cannot verify as input "${sha256}" ${state}, and nothing is known of how it was made`,
      );
    }
    const bytes = (await this.makeAgain(madeBy, stepsBack + 1)).get(sha256);
    if (bytes === undefined) {
      throw new NotVerifiable(
        `Cannot verify as input "${sha256}" ${state}, and making it again gives something else`,
      );
    }
    this.remade.push(sha256);
    return bytes;
  }

  /** Tasks ask for a file as often as they open it: it is found, or made again, once. */
  private async fileOf(sha256: string, stepsBack: number): Promise<string> {
    const path = join(this.folder, sha256);
    if (this.written.has(sha256)) return path;
    await writeFile(path, await this.bytesOf(sha256, stepsBack));
    this.written.add(sha256);
    return path;
  }

  /** @returns null for a file that is not there, or is not what its name says. */
  async storedBytes(sha256: string): Promise<Uint8Array | null> {
    let bytes: Uint8Array;
    try {
      bytes = await this.store.readBytes({ sha256, bytes: 0, mediaType: '' });
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
    if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes;
    this.damaged.add(sha256);
    return null;
  }
}

/** Largest difference of a sample, of 1; null for what are not two images of one size. */
async function differenceBetween(
  stored: Uint8Array,
  made: Uint8Array,
  signal: AbortSignal,
): Promise<number | null> {
  try {
    const [before, after] = await Promise.all(
      [stored, made].map((bytes) =>
        sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true }),
      ),
    );
    if (before?.info.width !== after?.info.width || before === undefined) return null;
    const options = { channels: before.info.channels, full: 255, threshold: 0 };
    return (await inSlices(imageDifference(before.data, after!.data, options), signal)).largest;
  } catch {
    signal.throwIfAborted();
    // No image, or not of one size: then there is nothing to say but that it differs.
    return null;
  }
}
