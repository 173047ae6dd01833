import { readFileSync } from 'node:fs';
import type { PixelMeasures } from './contracts/flight.ts';
import { UnsupportedImage } from './contracts/failures.ts';
import { TaskRegistry } from './flows/io/task-registry.ts';
import { createImagingTasks } from './imaging/tasks.ts';
import { readImageHeader } from './ingestion/io/image-pixels.ts';
import { examineInThread } from './ingestion/io/pixel-threads.ts';
import { type Settings, taskModules } from './platform/configuration.ts';

const MEASURE_TIMEOUT_SECONDS = 120;

/**
 * Every task and flow that is known here: those of this system, and those of the modules that the
 * settings name. Workers run them, the command line checks flows against them.
 */
export async function createTaskRegistry(settings: Settings): Promise<TaskRegistry> {
  const measureImage = (file: Uint8Array, name: string) => measure(file, name, settings);
  const version = packageVersion();
  const registry = new TaskRegistry(createImagingTasks(settings, { measureImage, version }));
  for (const path of taskModules(settings)) await registry.addModule(path);
  return registry;
}

/** The measures that a flight's images are examined by, for any image of a flow. */
async function measure(
  bytes: Uint8Array,
  name: string,
  { SKYLOOM_MAX_IMAGE_MEGAPIXELS, SKYLOOM_PIXEL_THREADS }: Settings,
): Promise<PixelMeasures> {
  const file = new SharedArrayBuffer(bytes.length);
  new Uint8Array(file).set(bytes);
  const limits = {
    limitPixels: SKYLOOM_MAX_IMAGE_MEGAPIXELS * 1e6,
    timeoutSeconds: MEASURE_TIMEOUT_SECONDS,
  };
  const header = await readImageHeader(bytes);
  const seen = await examineInThread({ file, header, ...limits }, SKYLOOM_PIXEL_THREADS);
  if (seen.measures !== null) return seen.measures;
  throw new UnsupportedImage(`Cannot decode image "${name}": ${seen.said}`);
}

function packageVersion(): string {
  // Compiled code runs from `dist`.
  const manifest = new URL('../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return version;
}
