import { createHash } from 'node:crypto';
import { cancellationSignal, heartbeat, log } from '@temporalio/activity';
import type { ArtifactRef } from '../contracts/artifacts.ts';
import { UnsupportedImage } from '../contracts/failures.ts';
import { type FetchedScene, sceneLocationSchema } from '../contracts/geolocalization.ts';
import {
  judgedLookSchema,
  type MeasuredWindow,
  measuredWindowSchema,
  measuredWindowsSchema,
  type RegistrationPlan,
  registrationPlanSchema,
} from '../contracts/scene-registration-plan.ts';
import {
  type SceneRegistration,
  sceneRegistrationSchema,
} from '../contracts/scene-registration.ts';
import type { PixelWindow } from '../maths/raster.ts';
import { workThroughBatch } from '../platform/temporal/batch-checkpoint.ts';
import type { WorkerServices } from '../platform/temporal/worker-spec.ts';
import { finishRegistration } from './io/finish-registration.ts';
import { overlappingFiles } from './io/overlapping-files.ts';
import { searchElsewhere } from './io/search-elsewhere.ts';
import { UnreadablePixels } from './io/unreadable-pixels.ts';
import type { WindowTask } from './io/window-task.ts';
import { compareAroundInThread, compareInThread, planInThread } from './io/window-threads.ts';
import type { Box } from './model/ground-box.ts';
import {
  concludeRegistration,
  type Registration,
} from './model/registration/conclude-registration.ts';
import { refusedRegistration } from './model/registration/describe-registration.ts';
import {
  rivalryOf,
  verdictAmongRivals,
  windowsWithRivals,
} from './model/registration/rival-places.ts';
import { verdictOnFound } from './model/registration/search-verdict.ts';
import { searchedInVain } from './model/registration/search-words.ts';
import { notComparable, unlocated } from './model/registration/registration-verdict.ts';
import { windowsToCheck } from './model/registration/self-check.ts';

/** How many windows each look of a planned scene has; none when the comparison ended before. */
export interface PlannedScene {
  plan: ArtifactRef | null;
  windows: number[];
  /** The end of it, when there is no plan. */
  ended: RegisteredScene | null;
  /** Whether it may yet be found elsewhere; not there in results of older versions. */
  canSearch?: boolean;
}

/** What a search came to, for the words of a scene that it did not find. */
export interface SearchWords {
  places: number;
  fault: string;
}

/** A scene that was looked for elsewhere: where to compare it, or what to say. */
export interface SearchedPlan {
  plan: ArtifactRef | null;
  windows: number[];
  searched: SearchWords;
}

export interface RegisteredScene {
  registration: ArtifactRef;
  status: SceneRegistration['status'];
}

/** What a look came to, small enough to decide by. */
export interface JudgedScene {
  judged: ArtifactRef;
  status: SceneRegistration['status'];
  falseAlarms: number | null;
  /** Windows that the self-check compares again. */
  toCheck: number;
}

/** What is wrong with a damaged file; other errors go on. */
function faultOfPixels(error: unknown): { fault: string } {
  if (error instanceof UnreadablePixels) return { fault: error.message };
  throw error;
}

/** Nothing is tried again for a damaged file. */
function refusePixels(error: unknown): never {
  throw new UnsupportedImage(`Cannot compare as ${faultOfPixels(error).fault}`);
}

/** Served by the processor worker: it decodes. */
export function createRegistrationActivities({
  store,
  settings,
  isServerLocal,
  pixelThreads,
}: WorkerServices & { pixelThreads: number }) {
  const limitBytes = settings.SKYLOOM_MAX_DOWNLOAD_MEGABYTES * 1e6;
  const network = () => ({
    settings,
    isServerLocal,
    allowPrivateAddresses: settings.SKYLOOM_ALLOW_PRIVATE_ADDRESSES,
    signal: cancellationSignal(),
  });

  /**
   * Chooses the files that a scene is compared with, brings them into the store and looks where to
   * compare. Safe to repeat: the same files, the same plan.
   */
  async function planScene(work: {
    scene: FetchedScene;
    location: ArtifactRef;
    reference: ArtifactRef;
    dem: ArtifactRef | null;
    runKey: string;
  }): Promise<PlannedScene> {
    const { runKey } = work;
    const scene = await store.readJson(work.location, sceneLocationSchema);
    const { file, footprint, placement } = scene;
    if (file === null || footprint === null || !placement) {
      const verdict = unlocated(`it states no place: ${scene.reason}`);
      return ended(runKey, verdict, file !== null && scene.width !== null);
    }
    const storage = storageOf(runKey);
    const { files, faults } = await overlappingFiles(work.reference, scene, storage);
    const [main, ...others] = files;
    if (main === undefined) {
      const fault = 'no file of the reference overlaps the scene';
      const [first] = faults;
      const words = first === undefined ? fault : `the reference cannot be used: ${first}`;
      return ended(runKey, notComparable(words), first === undefined);
    }
    const heights = work.dem === null ? null : await overlappingFiles(work.dem, scene, storage);
    const plan = await planInThread(
      { scene: { ...scene, file }, references: [main, ...others], dem: heights?.files[0] ?? null },
      threads(),
    ).catch(faultOfPixels);
    if (typeof plan === 'object' && 'fault' in plan) {
      return ended(runKey, notComparable(plan.fault), false);
    }
    if (typeof plan === 'string') return ended(runKey, notComparable(plan), true);
    log.info('Planned scene', { scene: scene.name, looks: plan.looks.length });
    return { ...(await planned(runKey, plan)), ended: null, canSearch: true };
  }

  /**
   * Looks for a scene that was not located where it states, or that states nothing, in a wider part of the
   * reference. Safe to repeat: the same files, the same place.
   */
  async function searchScene(work: {
    location: ArtifactRef;
    reference: ArtifactRef;
    dem: ArtifactRef | null;
    runKey: string;
    /** Where else it is looked for; west is greater than east across the antimeridian. */
    searchArea?: Box;
  }): Promise<SearchedPlan> {
    const { runKey } = work;
    const scene = await store.readJson(work.location, sceneLocationSchema);
    const { file } = scene;
    if (file === null) throw new Error('Cannot look for a scene that has no file');
    const { plan, ...searched } = await searchElsewhere(
      { ...scene, file },
      work,
      storageOf(runKey),
      threads(),
    );
    log.info('Searched scene', { scene: scene.name, ...searched });
    if (plan === null) return { plan: null, windows: [], searched };
    return { ...(await planned(runKey, plan)), searched };
  }

  async function planned(runKey: string, plan: RegistrationPlan) {
    const windows = plan.looks.map((look) => look.windows.length);
    return { plan: await store.addJson(runKey, plan), windows };
  }

  function storageOf(runKey: string) {
    return { store, runKey, limitBytes, beat: heartbeat, network: network() };
  }

  function threads() {
    return { home: settings.SKYLOOM_HOME, threads: pixelThreads, beat: heartbeat };
  }

  async function ended(
    runKey: string,
    verdict: Pick<SceneRegistration, 'status' | 'reason'>,
    canSearch: boolean,
  ): Promise<PlannedScene> {
    const registration = await store.addJson(runKey, refusedRegistration(verdict));
    return { plan: null, windows: [], ended: { registration, status: verdict.status }, canSearch };
  }

  /** Writes down that a scene was found neither where it states nor elsewhere. Safe to repeat. */
  async function notFound(work: {
    registration: ArtifactRef;
    searched: SearchWords;
    runKey: string;
  }): Promise<RegisteredScene> {
    const before = await store.readJson(work.registration, sceneRegistrationSchema);
    const after = { ...before, ...searchedInVain(before, work.searched) };
    return { registration: await store.addJson(work.runKey, after), status: after.status };
  }

  /** Writes down a comparison that a step failed for good. Safe to repeat. */
  async function refuseScene(work: { reason: string; runKey: string }): Promise<RegisteredScene> {
    const verdict = notComparable(`a step of it failed: ${work.reason}`);
    const registration = await store.addJson(work.runKey, refusedRegistration(verdict));
    return { registration, status: verdict.status };
  }

  /** Compares some windows of a look, heartbeating after each. Safe to repeat: the same in, the same out. */
  async function measureWindows(work: {
    plan: ArtifactRef;
    look: number;
    from: number;
    count: number;
    runKey: string;
  }): Promise<ArtifactRef> {
    const plan = await store.readJson(work.plan, registrationPlanSchema);
    const { windows } = plan.looks[work.look]!;
    return throughWindows(windows.slice(work.from, work.from + work.count), work, {
      kind: 'measure',
      look: work.look,
    });
  }

  /** What the windows of a look agree on. Safe to repeat, in whatever order they were measured. */
  async function judgeLook(work: {
    plan: ArtifactRef;
    look: number;
    batches: ArtifactRef[];
    runKey: string;
  }): Promise<JudgedScene> {
    const plan = await store.readJson(work.plan, registrationPlanSchema);
    const { searchRadius, overlap } = plan.looks[work.look]!;
    const measured = await readWindows(work.batches);
    const concluded = concludeRegistration(measured, {
      // Long texts would be hashed anew for every draw.
      seed: createHash('sha256').update(plan.seed).digest('hex'),
      searchRadius,
      overlap,
      places: plan.places,
    });
    const alone = await amongRivals(concluded, plan, work.plan).catch(refusePixels);
    const judged = plan.search === undefined ? alone : verdictOnFound(alone);
    return {
      judged: await store.addJson(work.runKey, judgedLookSchema.parse(judged)),
      status: judged.status,
      falseAlarms: judged.falseAlarms,
      toCheck: judged.status === 'LOCATED' ? windowsToCheck(judged.tiePoints).length : 0,
    };
  }

  /** A place that a coarse look did not show to be the only one is compared with what lies around it. */
  async function amongRivals(
    found: Registration,
    { isWithoutRivals }: RegistrationPlan,
    plan: ArtifactRef,
  ): Promise<Registration> {
    const { status, model, tiePoints } = found;
    if (status !== 'LOCATED' || model === null || isWithoutRivals === true) return found;
    const home = settings.SKYLOOM_HOME;
    const likenesses = windowsWithRivals(tiePoints).map(async ({ window, at }) => {
      const task = { home, plan, point: { window, at }, model };
      const likeness = await compareAroundInThread(task, pixelThreads);
      heartbeat();
      return likeness;
    });
    return verdictAmongRivals(found, rivalryOf(await Promise.all(likenesses)));
  }

  /** Compares windows of the corrected scene again, heartbeating after each. Safe to repeat. */
  async function checkWindows(work: {
    plan: ArtifactRef;
    judged: ArtifactRef;
    from: number;
    count: number;
    runKey: string;
  }): Promise<ArtifactRef> {
    const { tiePoints } = await store.readJson(work.judged, judgedLookSchema);
    const windows = windowsToCheck(tiePoints).map(({ window }) => window);
    return throughWindows(windows.slice(work.from, work.from + work.count), work, {
      kind: 'check',
      judged: work.judged,
    });
  }

  /** Writes where a scene lies against its reference, and all files of it. Safe to repeat. */
  async function finishScene(work: {
    plan: ArtifactRef;
    judged: ArtifactRef;
    checks: ArtifactRef[];
    runKey: string;
    /** Not there in work of older versions. */
    isWarped?: boolean;
  }): Promise<RegisteredScene> {
    const registration = await finishRegistration(
      {
        isWarped: work.isWarped === true,
        plan: await store.readJson(work.plan, registrationPlanSchema),
        judged: await store.readJson(work.judged, judgedLookSchema),
        again: await readWindows(work.checks),
      },
      { store, runKey: work.runKey, beat: heartbeat },
    ).catch(refusePixels);
    const { status, reason } = registration;
    log.info('Registered scene', { status, reason });
    return { registration: await store.addJson(work.runKey, registration), status };
  }

  async function throughWindows(
    windows: readonly PixelWindow[],
    { plan, runKey }: { plan: ArtifactRef; runKey: string },
    step: WindowTask['step'],
  ): Promise<ArtifactRef> {
    const home = settings.SKYLOOM_HOME;
    const measured = await workThroughBatch<PixelWindow, MeasuredWindow>(
      windows,
      measuredWindowSchema,
      { atATime: pixelThreads, nameOf: ({ x, y }) => `${x},${y}` },
      (window) => compareInThread({ home, plan, window, step }, pixelThreads).catch(refusePixels),
      (window) => ({ window, refusal: 'NO_DATA' }),
    );
    return store.addJson(runKey, { windows: measured });
  }

  async function readWindows(batches: readonly ArtifactRef[]): Promise<MeasuredWindow[]> {
    const windows: MeasuredWindow[] = [];
    for (const ref of batches) {
      windows.push(...(await store.readJson(ref, measuredWindowsSchema)).windows);
      heartbeat();
    }
    return windows;
  }

  return {
    planScene,
    searchScene,
    notFound,
    refuseScene,
    measureWindows,
    judgeLook,
    checkWindows,
    finishScene,
  };
}

export type RegistrationActivities = ReturnType<typeof createRegistrationActivities>;
