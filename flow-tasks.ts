import { TaskRegistry } from './flows/io/task-registry.ts';
import { createImagingTasks } from './imaging/tasks.ts';
import { type Settings, taskModules } from './platform/configuration.ts';

/**
 * Every task and flow that is known here: those of this system, and those of the modules that the
 * settings name. Workers run them, the command line checks flows against them.
 */
export async function createTaskRegistry(settings: Settings): Promise<TaskRegistry> {
  const registry = new TaskRegistry(createImagingTasks(settings));
  for (const path of taskModules(settings)) await registry.addModule(path);
  return registry;
}
