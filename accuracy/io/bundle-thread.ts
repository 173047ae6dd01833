import type { MessagePort } from 'node:worker_threads';
import type { BundlePlan, BundleStatement, MatchedTie } from '../../contracts/bundle.ts';
import type { AssessmentPlan } from '../model/assessment-plan.ts';
import { adjustFlight } from '../model/flight-bundle.ts';

/** What a thread is given; the port is told after each step. */
export interface BundleTask {
  views: BundlePlan['views'];
  ties: MatchedTie[];
  plan: AssessmentPlan;
  port: MessagePort;
}

export default function adjust({ views, ties, plan, port }: BundleTask): BundleStatement {
  try {
    return adjustFlight({ views }, ties, plan, () => port.postMessage('step'));
  } finally {
    port.close();
  }
}
