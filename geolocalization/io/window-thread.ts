/** What the threads can be asked for by name; see `window-threads.ts`. */
export { planComparison, searchElsewhere } from './plan-task.ts';
export { compareAround, compareWindow } from './window-task.ts';
