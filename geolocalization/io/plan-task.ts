import type { MessagePort } from 'node:worker_threads';
import { readSettings } from '../../platform/configuration.ts';
import { openArtifactStore } from '../../platform/open-store.ts';
import type { RegistrationPlan } from '../../contracts/scene-registration-plan.ts';
import { type PairToPlan, planRegistration } from './plan-registration.ts';

/** A pair to plan, whole enough for a thread that shares nothing. */
export interface PlanTask {
  home: string;
  pair: PairToPlan;
  /** Told whenever something more is done. */
  port: MessagePort;
}

/** Plans a comparison; see `planRegistration`. */
export async function planComparison({
  home,
  pair,
  port,
}: PlanTask): Promise<RegistrationPlan | string> {
  const store = openArtifactStore({ ...readSettings(), SKYLOOM_HOME: home });
  try {
    return await planRegistration(pair, {
      pathOf: (ref) => store.fileOf(ref),
      beat: () => port.postMessage(null),
    });
  } finally {
    port.close();
  }
}
