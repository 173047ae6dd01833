import type { Task } from '../flows/build/task.ts';
import type { Settings } from '../platform/configuration.ts';
import { automationTasks } from './tasks/automation.ts';
import { cutoutTasks } from './tasks/cutout.ts';
import { fetchTasks } from './tasks/fetch.ts';
import { pixelTasks } from './tasks/pixels.ts';
import { processTasks } from './tasks/process.ts';
import { storageTasks } from './tasks/storage.ts';

/** Every task that flows find on a worker of this system. */
export function createImagingTasks(settings: Settings): Task[] {
  return [
    ...fetchTasks(settings),
    ...pixelTasks(settings),
    ...cutoutTasks(settings),
    ...storageTasks(),
    ...processTasks(settings),
    ...automationTasks(),
  ];
}
