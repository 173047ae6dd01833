import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { BundlePlan, BundleStatement, MatchedTie } from '../../contracts/bundle.ts';
import type { AssessmentPlan } from '../model/assessment-plan.ts';

/** Adjusts a flight in a thread, so that the event loop stays free for heartbeats; the signal ends it. */
export async function adjustInThread(
  block: { views: BundlePlan['views']; ties: MatchedTie[]; plan: AssessmentPlan },
  { signal, onStep }: { signal: AbortSignal; onStep: () => void },
): Promise<BundleStatement> {
  const pool = new Piscina({
    // The thread is a file of its own: code always runs as compiled.
    filename: fileURLToPath(new URL('./bundle-thread.js', import.meta.url)),
    maxThreads: 1,
  });
  const { port1, port2 } = new MessageChannel();
  port1.on('message', onStep);
  try {
    return await pool.run({ ...block, port: port2 }, { transferList: [port2], signal });
  } finally {
    port1.close();
    await pool.destroy();
  }
}
