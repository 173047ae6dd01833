import type { Task } from '../flows/build/task.ts';
import type { Settings } from '../platform/configuration.ts';
import { ProvenanceBook, withProvenance } from './io/provenance.ts';
import { automationTasks } from './tasks/automation.ts';
import { compareTasks } from './tasks/compare.ts';
import { composeTasks } from './tasks/compose.ts';
import { cutoutTasks } from './tasks/cutout.ts';
import { describeTasks, type MeasureImage } from './tasks/describe.ts';
import { fetchTasks } from './tasks/fetch.ts';
import { pixelTasks } from './tasks/pixels.ts';
import { processTasks } from './tasks/process.ts';
import { pyramidTasks } from './tasks/pyramid.ts';
import { shapeTasks } from './tasks/shape.ts';
import { storageTasks } from './tasks/storage.ts';

/** What the tasks are given by other domains. */
export interface ImagingServices {
  measureImage: MeasureImage;
  /** Of this system, written into the provenance of what is made. */
  version: string;
}

/** Every task that flows find on a worker of this system. */
export function createImagingTasks(
  settings: Settings,
  { measureImage, version }: ImagingServices,
): Task[] {
  const book = new ProvenanceBook(settings);
  const making = [
    ...fetchTasks(settings),
    ...pixelTasks(settings),
    ...shapeTasks(settings),
    ...composeTasks(settings),
    ...pyramidTasks(settings),
    ...describeTasks(settings, measureImage),
    ...compareTasks(settings),
    ...cutoutTasks(settings),
  ];
  return [
    ...making.map((task) => withProvenance(task as Task, book, version)),
    ...storageTasks(),
    ...processTasks(settings),
    ...automationTasks(),
  ];
}
