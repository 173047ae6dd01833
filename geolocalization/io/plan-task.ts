import type { MessagePort } from 'node:worker_threads';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { readSettings } from '../../platform/configuration.ts';
import { openArtifactStore } from '../../platform/open-store.ts';
import type { RegistrationPlan } from '../../contracts/scene-registration-plan.ts';
import { type PairToPlan, planRegistration } from './plan-registration.ts';
import { orUnreadable, type UnreadableFile } from './unreadable-pixels.ts';
import { type PairToSearch, type SearchedScene, searchScene } from './search-scene.ts';

/** A pair to plan, whole enough for a thread that shares nothing. */
export interface PlanTask<Pair> {
  home: string;
  pair: Pair;
  /** Told whenever something more is done. */
  port: MessagePort;
}

/** Looks for a scene elsewhere; see `searchScene`. */
export function searchElsewhere({
  home,
  pair,
  port,
}: PlanTask<PairToSearch>): Promise<SearchedScene | UnreadableFile> {
  return inStore(home, port, (options) => searchScene(pair, options));
}

/** Plans a comparison; see `planRegistration`. */
export function planComparison({
  home,
  pair,
  port,
}: PlanTask<PairToPlan>): Promise<RegistrationPlan | string | UnreadableFile> {
  return inStore(home, port, (options) => planRegistration(pair, options));
}

async function inStore<Result>(
  home: string,
  port: MessagePort,
  work: (options: {
    pathOf: (ref: ArtifactRef) => Promise<string>;
    beat: () => void;
  }) => Promise<Result>,
): Promise<Result | UnreadableFile> {
  const store = openArtifactStore({ ...readSettings(), SKYLOOM_HOME: home });
  try {
    return await orUnreadable(() =>
      work({
        pathOf: (ref) => store.fileOf(ref),
        beat: () => port.postMessage(null),
      }),
    );
  } finally {
    port.close();
  }
}
