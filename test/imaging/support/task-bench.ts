import { createHash, randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import type { Json } from '../../../contracts/flow-definition.ts';
import { type StoredImage, storedImageSchema } from '../../../contracts/images.ts';
import { performTask } from '../../../flows/build/perform-task.ts';
import type { Task } from '../../../flows/build/task.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

/** Runs tasks one by one, with artifacts in memory. */
export class TaskBench {
  readonly artifacts = new Map<string, Uint8Array>();
  readonly heartbeats: [number, number][] = [];
  private readonly tasks: ReadonlyMap<string, Task>;
  /** On this machine, the latest of each artifact. */
  private readonly copies = new Map<string, string>();

  constructor(tasks: readonly Task[]) {
    this.tasks = new Map(tasks.map((task) => [task.facts.name, task]));
  }

  /** Stores an image as a fetch would. */
  async add(file: string | Buffer, name?: string): Promise<StoredImage> {
    const bytes = typeof file === 'string' ? await readFile(file) : file;
    const { width, height, format } = await sharp(bytes).metadata();
    const ref = this.put(bytes, `image/${format}`);
    return {
      ...ref,
      name: name ?? (typeof file === 'string' ? basename(file) : 'x'),
      width,
      height,
    };
  }

  bytesOf({ sha256 }: { sha256: string }): Uint8Array {
    return this.artifacts.get(sha256)!;
  }

  async run<Output = Record<string, Json>>(
    name: string,
    input: object,
    signal = new AbortController().signal,
  ): Promise<Output> {
    const request = { input: input as Json, address: 'step', repeat: 0, channels: {} };
    const { value } = await performTask(this.tasks.get(name)!, request, {
      attempt: 1,
      runId: 'test',
      sessionId: 'test',
      signal,
      resumeFrom: undefined,
      heartbeat: (done, total) => void this.heartbeats.push([done, total]),
      log: () => undefined,
      open: async (ref) => this.bytesOf(ref),
      fileOf: (ref) => this.fileOf(ref),
      put: async (bytes, mediaType) => this.put(bytes, mediaType),
      putFile: async (path, mediaType) => this.put(await readFile(path), mediaType),
      withScratchFile: async (work) => work(join(await scratchFolder(), randomUUID())),
      remove: async () => 0,
      removeAllBut: async () => 0,
    });
    return value as Output;
  }

  /** Takes the copy of an artifact on this machine away, as a cache does that is full; @returns whether it was there. */
  async evict({ sha256 }: { sha256: string }): Promise<boolean> {
    const path = this.copies.get(sha256);
    if (path === undefined) return false;
    await rm(path);
    return this.copies.delete(sha256);
  }

  /** Runs a task that gives one image, and decodes that. */
  async edit(name: string, input: object) {
    const image = storedImageSchema.parse(await this.run(name, input));
    const bytes = this.bytesOf(image);
    return { image, bytes, header: await sharp(bytes).metadata() };
  }

  /** Written when it is asked for; it goes with the tests' folder. */
  private async fileOf(ref: { sha256: string }): Promise<string> {
    const path = join(await scratchFolder(), ref.sha256);
    await writeFile(path, this.bytesOf(ref));
    this.copies.set(ref.sha256, path);
    return path;
  }

  private put(bytes: Uint8Array, mediaType: string) {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.artifacts.set(sha256, bytes);
    return { sha256, bytes: bytes.length, mediaType };
  }
}
