import { readFile } from 'node:fs/promises';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import {
  judgedLookSchema,
  type MeasuredWindow,
  type RegistrationPlan,
  registrationPlanSchema,
} from '../../contracts/scene-registration-plan.ts';
import type { PixelWindow } from '../../maths/raster.ts';
import { readSettings } from '../../platform/configuration.ts';
import { openArtifactStore } from '../../platform/open-store.ts';
import { hasModel } from '../model/registration/describe-registration.ts';
import { NO_SHIFT, type ShiftModel } from '../model/registration/shift-model.ts';
import { checkWindow } from './check-windows.ts';
import { measureTiePoints } from './measure-tie-points.ts';
import { openPair, type OpenPair } from './open-pair.ts';
import { orUnreadable, type UnreadableFile } from './unreadable-pixels.ts';

/** One window to compare, whole enough for a thread that shares nothing. */
export interface WindowTask {
  home: string;
  plan: ArtifactRef;
  window: PixelWindow;
  /** A look of the plan, or the correction that is checked. */
  step: { kind: 'measure'; look: number } | { kind: 'check'; judged: ArtifactRef };
}

/** Pairs of files that a thread keeps open for the windows to come. */
const OPEN_SETS = 2;

interface OpenSet {
  plan: RegistrationPlan;
  measure: (task: WindowTask) => Promise<MeasuredWindow>;
  close: () => Promise<void>;
}

const open = new Map<string, Promise<OpenSet>>();

/** Compares one window; the files stay open for the next. One task at a time. */
export async function compareWindow(task: WindowTask): Promise<MeasuredWindow | UnreadableFile> {
  const { plan, step } = task;
  const key = [task.home, plan.sha256, step.kind === 'check' ? step.judged.sha256 : ''].join(' ');
  const known = open.get(key) ?? openSet(task);
  open.delete(key);
  open.set(key, known);
  for (const [oldest, set] of open) {
    if (open.size <= OPEN_SETS) break;
    open.delete(oldest);
    await set.then(({ close }) => close());
  }
  try {
    return await orUnreadable(async () => (await known).measure(task));
  } catch (error) {
    // Whatever is wrong with the files, the next attempt opens them anew.
    open.delete(key);
    await known.then(({ close }) => close()).catch(() => undefined);
    throw error;
  }
}

async function openSet({ home, plan: planRef, step }: WindowTask): Promise<OpenSet> {
  const store = openArtifactStore({ ...readSettings(), SKYLOOM_HOME: home });
  const pathOf = (ref: ArtifactRef) => store.fileOf(ref);
  const read = async (ref: ArtifactRef) => JSON.parse(await readFile(await pathOf(ref), 'utf8'));
  const plan = registrationPlanSchema.parse(await read(planRef));
  if (step.kind === 'measure') {
    const pair = await openPair(plan, pathOf);
    return { plan, measure: (task) => measureIn(plan, pair, task), close: () => pair.close() };
  }
  const judged = judgedLookSchema.parse(await read(step.judged));
  if (!hasModel(judged)) throw new Error('Cannot check a scene as it was not located');
  return openCheck(plan, pathOf, judged.model);
}

async function openCheck(
  plan: RegistrationPlan,
  pathOf: (ref: ArtifactRef) => Promise<string>,
  model: ShiftModel,
): Promise<OpenSet> {
  const stated = await openPair(plan, pathOf, NO_SHIFT);
  const corrected = await openPair(plan, pathOf, model).catch(async (error: unknown) => {
    await stated.close();
    throw error;
  });
  return {
    plan,
    measure: ({ window }) => checkWindow(stated, corrected, window),
    close: async () => {
      await Promise.all([stated.close(), corrected.close()]);
    },
  };
}

async function measureIn(
  plan: RegistrationPlan,
  pair: OpenPair,
  { window, step }: WindowTask,
): Promise<MeasuredWindow> {
  const { expected, searchRadius } = plan.looks[step.kind === 'measure' ? step.look : 0]!;
  const search = { offset: plan.offset, expected, searchRadius };
  return (await measureTiePoints(pair, [window], search))[0]!;
}
