import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
/** Runs each group of tasks in threads, and starts a group when the one before it is done. */
export async function renderInThreads(groups, onDone) {
    // More than four threads would only wait for the same memory.
    const threads = Math.min(4, availableParallelism());
    const filename = new URL('./render-worker.js', import.meta.url).href;
    const pool = new Piscina({
        filename,
        minThreads: threads,
        maxThreads: threads,
    });
    const runTask = async (task) => {
        await pool.run(task);
        onDone(task);
    };
    try {
        for (const group of groups)
            await Promise.all(group.map(runTask));
    }
    finally {
        await pool.destroy();
    }
}
//# sourceMappingURL=render-pool.js.map