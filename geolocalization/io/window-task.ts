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
import { likenessAround, patchAround } from '../model/registration/rival-places.ts';
import { NO_SHIFT, type ShiftModel } from '../model/registration/shift-model.ts';
import { checkWindow, type ViewsToCheck } from './check-windows.ts';
import { measureTiePoints } from './measure-tie-points.ts';
import { openFiles, type OpenFiles } from './open-pair.ts';
import type { RasterReader } from './read-raster.ts';
import { orUnreadable, type UnreadableFile } from './unreadable-pixels.ts';

/** What a thread that shares nothing opens the files of a plan by. */
interface PlanOfTask {
  home: string;
  plan: ArtifactRef;
}

/** One window to compare with what lies around where it was found. */
export interface AroundTask extends PlanOfTask {
  point: { window: PixelWindow; at: { x: number; y: number } };
  model: ShiftModel;
}

/** One window to compare, whole enough for a thread that shares nothing. */
export interface WindowTask extends PlanOfTask {
  window: PixelWindow;
  /** A look of the plan, or the correction that is checked. */
  step: { kind: 'measure'; look: number } | { kind: 'check'; judged: ArtifactRef };
}

/** Plans whose files a thread keeps open for the windows to come. */
const OPEN_PLANS = 2;

interface OpenPlan {
  plan: RegistrationPlan;
  files: OpenFiles;
  /** The target as the plan compares it. */
  planned: RasterReader;
  /** By the judged look that is checked: what was decoded to measure serves the check, too. */
  toCheck: Map<string, Promise<ViewsToCheck>>;
  read: (ref: ArtifactRef) => Promise<unknown>;
}

const open = new Map<string, Promise<OpenPlan>>();

/** Compares one window; the files stay open for the next. One task at a time. */
export function compareWindow(task: WindowTask): Promise<MeasuredWindow | UnreadableFile> {
  return inOpenPlan(task, (opened) => compareIn(opened, task));
}

/** How alike a window is to each place around where it was found; see `likenessAround`. */
export function compareAround(task: AroundTask): Promise<Float64Array | UnreadableFile> {
  return inOpenPlan(task, async ({ plan, files, planned }) =>
    likenessAround(
      await files.reference.read({ window: task.point.window }),
      await planned.read({ window: patchAround(task.point, task.model, plan.offset) }),
    ),
  );
}

async function inOpenPlan<Result>(
  { home, plan }: PlanOfTask,
  work: (opened: OpenPlan) => Promise<Result>,
): Promise<Result | UnreadableFile> {
  const key = [home, plan.sha256].join(' ');
  const known = open.get(key) ?? openPlan({ home, plan });
  open.delete(key);
  open.set(key, known);
  for (const [oldest, left] of open) {
    if (open.size <= OPEN_PLANS) break;
    open.delete(oldest);
    await left.then(({ files }) => files.close());
  }
  try {
    return await orUnreadable(async () => work(await known));
  } catch (error) {
    // Whatever is wrong with the files, the next attempt opens them anew.
    open.delete(key);
    await known.then(({ files }) => files.close()).catch(() => undefined);
    throw error;
  }
}

async function openPlan({ home, plan: planRef }: PlanOfTask): Promise<OpenPlan> {
  const store = openArtifactStore({ ...readSettings(), SKYLOOM_HOME: home });
  const pathOf = (ref: ArtifactRef) => store.fileOf(ref);
  const read = async (ref: ArtifactRef) => JSON.parse(await readFile(await pathOf(ref), 'utf8'));
  const plan = registrationPlanSchema.parse(await read(planRef));
  const files = await openFiles(plan, pathOf);
  try {
    return { plan, files, planned: await files.targetBy(), toCheck: new Map(), read };
  } catch (error) {
    await files.close();
    throw error;
  }
}

async function compareIn(opened: OpenPlan, { step, window }: WindowTask): Promise<MeasuredWindow> {
  const { plan, files, planned } = opened;
  if (step.kind === 'check') return checkWindow(await viewsToCheck(opened, step.judged), window);
  const { expected, searchRadius } = plan.looks[step.look]!;
  const pair = { reference: files.reference, target: planned };
  const search = { offset: plan.offset, expected, searchRadius };
  return (await measureTiePoints(pair, [window], search))[0]!;
}

function viewsToCheck(opened: OpenPlan, judgedRef: ArtifactRef): Promise<ViewsToCheck> {
  const { files, toCheck, read } = opened;
  const known = toCheck.get(judgedRef.sha256) ?? createViews();
  toCheck.set(judgedRef.sha256, known);
  return known;

  async function createViews(): Promise<ViewsToCheck> {
    const judged = judgedLookSchema.parse(await read(judgedRef));
    if (!hasModel(judged)) throw new Error('Cannot check a scene as it was not located');
    return {
      reference: files.reference,
      stated: await files.targetBy(NO_SHIFT),
      corrected: await files.targetBy(judged.model),
    };
  }
}
