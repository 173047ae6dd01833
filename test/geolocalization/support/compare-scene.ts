import { pino } from 'pino';
import type { ArtifactRef } from '../../../contracts/artifacts.ts';
import { sceneLocationSchema } from '../../../contracts/geolocalization.ts';
import { sceneRegistrationSchema } from '../../../contracts/scene-registration.ts';
import { createGeolocalizationActivities } from '../../../geolocalization/activities.ts';
import {
  createRegistrationActivities,
  type JudgedScene,
  type RegisteredScene,
} from '../../../geolocalization/registration-activities.ts';
import { mapWindow } from '../../../durable/map-window.ts';
import { findOrigin } from '../../../orchestrator/io/find-origin.ts';
import { ArtifactStore } from '../../../platform/artifact-store.ts';
import { readSettings } from '../../../platform/configuration.ts';
import { runActivity } from '../../support/run-activity.ts';

/** Batches under way at once, as in the workflow. */
const WINDOW_BATCHES = 8;

/** How a comparison is spread: none of it may change a byte of the result. */
export interface Spread {
  windowsPerBatch?: number;
  isBackwards?: boolean;
  threads?: number;
}

/** Takes a scene through all activities of a comparison, as the workflow does, without a server. */
export async function compareScene(
  home: string,
  paths: {
    scene: string;
    reference: string;
    dem?: string;
    searchArea?: readonly [number, number, number, number];
  },
  {
    windowsPerBatch = 25,
    isBackwards = false,
    threads = 2,
    environment = {},
    isWarped = false,
    canSearch = true,
  }: Spread & {
    environment?: Record<string, string>;
    isWarped?: boolean;
    /** Whether a scene that is not located where it states is looked for elsewhere. */
    canSearch?: boolean;
  } = {},
) {
  const store = new ArtifactStore(home);
  const settings = readSettings({
    SKYLOOM_HOME: home,
    SKYLOOM_ALLOW_PRIVATE_ADDRESSES: 'true',
    ...environment,
  });
  const services = { store, settings, logger: pino({ level: 'silent' }), isServerLocal: true };
  const { fetchScene, locateScene, catalogueFiles } = createGeolocalizationActivities(services);
  const steps = createRegistrationActivities({ ...services, pixelThreads: threads });
  const runKey = 'run';
  const source = { name: 'scene.tif', location: paths.scene };
  const scene = await runActivity(fetchScene, { source, runKey });
  const catalogue = async (path: string, what: 'reference' | 'height model') =>
    runActivity(catalogueFiles, { origin: await findOrigin(path, ['/']), what, runKey });
  const reference = await catalogue(paths.reference, 'reference');
  const dem = paths.dem === undefined ? null : await catalogue(paths.dem, 'height model');
  const heights = dem === null ? {} : { dem };
  const { location } = await runActivity(locateScene, { scene, runKey, ...heights });
  const registration = await compare();
  return {
    location: await store.readJson(location, sceneLocationSchema),
    registration: await store.readJson(registration, sceneRegistrationSchema),
    digest: registration.sha256,
    store,
    fileOf: (sha256: string) => store.fileOf({ sha256 }),
  };

  async function compare() {
    const planned = await runActivity(steps.planScene, { scene, location, reference, dem, runKey });
    const stated = planned.plan === null ? null : await lookThrough(planned.plan, planned.windows);
    if (stated?.status === 'LOCATED' || planned.canSearch !== true || !canSearch) {
      return endAt(planned.plan, stated, planned.ended);
    }
    const found = await runActivity(steps.searchScene, {
      location,
      reference,
      dem,
      runKey,
      ...(paths.searchArea === undefined ? {} : { searchArea: paths.searchArea }),
    });
    if (found.plan !== null) {
      const elsewhere = await lookThrough(found.plan, found.windows);
      if (elsewhere.status === 'LOCATED') return endAt(found.plan, elsewhere, null);
    }
    const ended = await endAt(planned.plan, stated, planned.ended);
    const { searched } = found;
    return (await runActivity(steps.notFound, { registration: ended, searched, runKey }))
      .registration;
  }

  async function lookThrough(plan: ArtifactRef, looks: number[]) {
    let best: JudgedScene | null = null;
    for (const [look, windows] of looks.entries()) {
      const batches = await inBatches(windows, (slice) =>
        runActivity(steps.measureWindows, { plan, look, ...slice, runKey }),
      );
      const judged = await runActivity(steps.judgeLook, { plan, look, batches, runKey });
      if (best === null || (judged.falseAlarms ?? 1e9) < (best.falseAlarms ?? 1e9)) best = judged;
      if (best.status === 'LOCATED') break;
    }
    return best!;
  }

  async function endAt(
    plan: ArtifactRef | null,
    looked: JudgedScene | null,
    ended: RegisteredScene | null,
  ): Promise<ArtifactRef> {
    if (plan === null || looked === null) return ended!.registration;
    const { judged, toCheck } = looked;
    const checks = await inBatches(toCheck, (slice) =>
      runActivity(steps.checkWindows, { plan, judged, ...slice, runKey }),
    );
    const work = { plan, judged, checks, runKey, isWarped };
    return (await runActivity(steps.finishScene, work)).registration;
  }

  async function inBatches<Result>(
    total: number,
    work: (slice: { from: number; count: number }) => Promise<Result>,
  ): Promise<Result[]> {
    const starts = [];
    for (let from = 0; from < total; from += windowsPerBatch) starts.push(from);
    const workOn = (from: number) => work({ from, count: Math.min(windowsPerBatch, total - from) });
    if (!isBackwards) return mapWindow(starts, WINDOW_BATCHES, workOn);
    const results: Result[] = [];
    for (const from of starts.toReversed()) results.unshift(await workOn(from));
    return results;
  }
}
