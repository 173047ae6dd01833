import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { createTaskRegistry } from './flow-tasks.ts';
import type { Json } from './contracts/flow-definition.ts';
import { performTask } from './flows/build/perform-task.ts';
import type { Task } from './flows/build/task.ts';
import { closeCutoutPools } from './imaging/tasks/cutout.ts';
import { type Provenance, ProvenanceBook } from './imaging/io/provenance.ts';
import { imageDifference } from './imaging/model/image-difference.ts';
import { closePixelThreads } from './ingestion/io/pixel-threads.ts';
import { ArtifactStore } from './platform/artifact-store.ts';
import { isNotFound } from './platform/atomic-file.ts';
import type { Settings } from './platform/configuration.ts';
import { closeDownloads } from './platform/download.ts';

/** Steps back that are gone when inputs are no longer stored. */
const MAX_STEPS_BACK = 20;

/** What making a file again gave. */
export interface Verification {
  /** `equal` in every byte, or `different`. */
  verdict: 'equal' | 'different';
  artifact: string;
  madeBy: Provenance;
  /** Largest difference of a sample, of 1, when both are images of one size; null when that says nothing. */
  largestDifference: number | null;
  /** Inputs that were no longer stored and were made again, too. */
  remade: string[];
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
  const maker = new Maker(settings, registry.tasks, signal);
  try {
    const madeBy = await maker.provenanceOf(artifact);
    const made = await maker.makeAgain(madeBy, 0);
    const isEqual = made.has(artifact);
    const others = [...made.values()];
    const largestDifference =
      isEqual || others.length !== 1 ? null : await differenceTo(artifact, others[0]!, maker);
    const verdict = isEqual ? 'equal' : 'different';
    return { verdict, artifact, madeBy, largestDifference, remade: maker.remade };
  } finally {
    await Promise.all([closeCutoutPools(), closePixelThreads(), closeDownloads()]);
  }
}

/** Runs tasks again with what is stored, and stores nothing. */
class Maker {
  readonly remade: string[] = [];
  private readonly store: ArtifactStore;
  private readonly book: ProvenanceBook;
  private readonly tasks: ReadonlyMap<string, Task>;
  private readonly signal: AbortSignal;

  constructor(settings: Settings, tasks: ReadonlyMap<string, Task>, signal: AbortSignal) {
    this.store = new ArtifactStore(settings.SKYLOOM_HOME);
    this.book = new ProvenanceBook(settings);
    this.tasks = tasks;
    this.signal = signal;
  }

  async provenanceOf(sha256: string): Promise<Provenance> {
    const found = await this.book.find(sha256);
    if (found !== null) return found;
    throw new NotVerifiable(
      `Cannot verify "${sha256}" as nothing is known of how it was made: a task of this storage must have stored it`,
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
      put: async (bytes, mediaType) => {
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        made.set(sha256, bytes);
        return { sha256, bytes: bytes.length, mediaType };
      },
      remove: async () => 0,
      removeAllBut: async () => 0,
    });
    return made;
  }

  /** From the storage; what was given back is made again. */
  async bytesOf(sha256: string, stepsBack: number): Promise<Uint8Array> {
    try {
      return await this.store.readBytes({ sha256, bytes: 0, mediaType: '' });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    if (stepsBack >= MAX_STEPS_BACK) {
      throw new NotVerifiable(`Cannot verify as input "${sha256}" is too many steps back`);
    }
    const bytes = (await this.makeAgain(await this.provenanceOf(sha256), stepsBack + 1)).get(
      sha256,
    );
    if (bytes === undefined) {
      throw new NotVerifiable(
        `Cannot verify as input "${sha256}" is no longer stored, and making it again gives something else`,
      );
    }
    this.remade.push(sha256);
    return bytes;
  }
}

async function differenceTo(
  artifact: string,
  made: Uint8Array,
  maker: Maker,
): Promise<number | null> {
  try {
    const [before, after] = await Promise.all(
      [await maker.bytesOf(artifact, MAX_STEPS_BACK), made].map((bytes) =>
        sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true }),
      ),
    );
    if (before?.info.width !== after?.info.width || before === undefined) return null;
    const options = { channels: before.info.channels, full: 255, threshold: 0 };
    return imageDifference(before.data, after!.data, options).largest;
  } catch {
    // No image, not of one size, or not stored: then there is nothing to say but that it differs.
    return null;
  }
}
