import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { RenderTask } from './render-worker.ts';

/** Runs each group of tasks in threads, and starts a group when the one before it is done. */
export async function renderInThreads(
  groups: readonly (readonly RenderTask[])[],
  onDone: (task: RenderTask) => void,
): Promise<void> {
  // More than four threads would only wait for the same memory.
  const threads = Math.min(4, availableParallelism());
  const filename = new URL('./render-worker.js', import.meta.url).href;
  const pool = new Piscina<RenderTask, void>({
    filename,
    minThreads: threads,
    maxThreads: threads,
  });
  const runTask = async (task: RenderTask) => {
    await pool.run(task);
    onDone(task);
  };
  try {
    for (const group of groups) await Promise.all(group.map(runTask));
  } finally {
    await pool.destroy();
  }
}
