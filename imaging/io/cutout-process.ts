import { readFile, writeFile } from 'node:fs/promises';
import { cutOut } from './cut-out.ts';
import type { AnswerMessage, CutoutRequest, WrittenCutout } from './cutout-messages.ts';
import { loadNetwork, type Network, type NetworkSource } from './network.ts';
import { UnsupportedImage } from '../../contracts/failures.ts';
import { PermanentTaskFailure } from '../../flows/build/permanent-task-failure.ts';

// The program of a child process. A network that runs stops everything else in its process and can't be
// interrupted, so it runs where nothing else is, and where the process can be ended in the middle.

let loaded: Network | null = null;

process.on('message', (request: CutoutRequest) => void answer(request));
// The worker is gone: nobody waits for what is being made.
process.on('disconnect', () => process.exit(0));

async function answer({ file, target, network, options }: CutoutRequest): Promise<void> {
  let result: { cutout: WrittenCutout } | { failure: Failure };
  try {
    const ready = network === null ? null : await networkOf(network);
    const { bytes, ...cutout } = await cutOut(await readFile(file), ready, options);
    if (bytes !== null) await writeFile(target, bytes);
    result = { cutout };
  } catch (error) {
    result = { failure: failureOf(error) };
  }
  const message: AnswerMessage = { ...result, residentBytes: process.memoryUsage.rss() };
  // Without a channel nobody waits, and the process ends.
  process.send?.(message, (error: Error | null) => {
    if (error !== null) process.exit(0);
  });
}

/** Loads the network once; another one takes its place. */
async function networkOf(source: NetworkSource): Promise<Network> {
  if (loaded !== null && JSON.stringify(loaded.source) === JSON.stringify(source)) return loaded;
  await loaded?.release();
  loaded = null;
  return (loaded = await loadNetwork(source));
}

type Failure = { type: string; message: string; isPermanent: boolean };

function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UnsupportedImage) {
    return { type: 'UnsupportedImage', message, isPermanent: true };
  }
  if (error instanceof PermanentTaskFailure) {
    return { type: error.type, message, isPermanent: true };
  }
  return { type: 'CutoutFailed', message, isPermanent: false };
}
