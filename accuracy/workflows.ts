import {
  executeChild,
  isCancellation,
  log,
  ParentClosePolicy,
  patched,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { AssessedFlight, PageAccuracy } from '../contracts/accuracy.ts';
import type { ArtifactRef } from '../contracts/artifacts.ts';
import type { AssessmentRequest } from '../contracts/assessment.ts';
import type { IngestedFlight } from '../contracts/flight.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import { batch, compose, heavy } from '../durable/activity-contracts.ts';
import { cutIntoSlices } from '../durable/batches.ts';
import { expectReadable, expectShape, shapes } from '../durable/foreign-input.ts';
import { mapWindow } from '../durable/map-window.ts';
import { keepProgress } from '../durable/progress.ts';
import { asWorkflowFailure, reasonOf } from '../durable/root-cause.ts';
import { BATCH_WINDOW, CHILD_WINDOW } from '../durable/windows.ts';
import type { AccuracyActivities, AssessmentActivities, PlannedAssessment } from './activities.ts';

const { aggregateFlight, composePage, planAssessment } =
  proxyActivities<AccuracyActivities>(compose);
const { assessImages, matchTies, measurePairs } = proxyActivities<AssessmentActivities>({
  ...batch,
  taskQueue: taskQueues.processor,
});

const { adjustBundle } = proxyActivities<AssessmentActivities>({
  ...heavy,
  taskQueue: taskQueues.processor,
});

/** Images per batch: geometry alone costs about a millisecond an image. */
const BATCH_SIZE = 50;

/** Pairs per batch: each takes some tenths of a second. */
const PAIR_BATCH_SIZE = 10;

/** Places per batch in runs that an older version planned; since then the plan says how many images. */
const OLD_TIE_BATCH_SIZE = 100;

/** What the pages of a flight have in common. */
interface PageRequest {
  page: number;
  pages: number;
  images: ArtifactRef;
  imageCount: number;
  /** What all images are assessed by; not there in runs that an older version began. */
  plan?: ArtifactRef;
  runKey: string;
}

const flightShape = {
  manifest: shapes.artifact,
  parts: [shapes.artifact],
  partSizes: ['count'],
} as const;

const pageShape = {
  page: 'count',
  pages: 'count',
  images: shapes.artifact,
  imageCount: 'count',
  runKey: 'key',
} as const;

/** Sends the pages of a flight out to children, and makes one statement of what they bring back. */
export async function AccuracyWorkflow(
  flight: IngestedFlight,
  runKey: string,
  request: AssessmentRequest = {},
): Promise<AssessedFlight> {
  expectShape(flight, flightShape);
  expectShape(runKey, 'key');
  expectReadable(request);
  const total = flight.partSizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  const progress = keepProgress({
    stage: 'accuracy',
    done,
    total,
    words: `Assessing ${total} images in ${flight.parts.length} pages`,
  });
  try {
    // Runs of an older version go on without control.
    const planned = patched('plan-assessment')
      ? await planAssessment.executeWithOptions({ summary: 'bring control into the frame' }, [
          { manifest: flight.manifest, parts: flight.parts, request, runKey },
        ])
      : null;
    const plan = planned === null ? {} : { plan: planned.plan };
    const ties = planned === null ? [] : await comparePairs(planned, runKey);
    const bundle = planned === null ? {} : await adjustByTies(planned, runKey);
    const pages = await mapWindow(flight.parts, CHILD_WINDOW, async (images, index) => {
      const imageCount = flight.partSizes[index]!;
      const page = index + 1;
      const assessed = await assessPageOrNameIt({
        page,
        pages: flight.parts.length,
        images,
        imageCount,
        ...plan,
        runKey,
      });
      done += imageCount;
      progress.report({ done, words: `${done} of ${total} images assessed` });
      return assessed;
    });
    progress.report({ words: 'Aggregating the flight' });
    return await aggregateFlight.executeWithOptions({ summary: `aggregate ${total} images` }, [
      {
        manifest: flight.manifest,
        pages,
        ...plan,
        ...(ties.length === 0 ? {} : { ties }),
        ...bundle,
        runKey,
      },
    ]);
  } catch (error) {
    if (isCancellation(error)) throw error;
    throw asWorkflowFailure(error);
  }
}

/** Images against each other, without any control; nothing where nothing was planned. */
function comparePairs(
  { pairs, pairCount }: PlannedAssessment,
  runKey: string,
): Promise<ArtifactRef[]> {
  return mapWindow(cutIntoSlices(pairCount, PAIR_BATCH_SIZE), BATCH_WINDOW, ({ from, count }) =>
    measurePairs.executeWithOptions(
      { summary: `pairs ${from + 1} to ${from + count} of ${pairCount}` },
      [{ pairs, from, count, runKey }],
    ),
  );
}

/** Poses and camera adjusted by tie points, where that was asked for. */
async function adjustByTies(
  { plan, bundle }: PlannedAssessment,
  runKey: string,
): Promise<{ bundle?: ArtifactRef }> {
  if (bundle === undefined) return {};
  if ('refused' in bundle) return { bundle: bundle.refused };
  const { candidates, batchSize = OLD_TIE_BATCH_SIZE } = bundle;
  const slices = cutIntoSlices(candidates, batchSize);
  const ties = await mapWindow(slices, BATCH_WINDOW, ({ from, count }) =>
    matchTies.executeWithOptions(
      { summary: `ties of images ${from + 1} to ${from + count} of ${candidates}` },
      [{ bundle: bundle.plan, from, count, runKey }],
    ),
  );
  const adjusted = await adjustBundle.executeWithOptions({ summary: 'adjust poses and camera' }, [
    { bundle: bundle.plan, ties, plan, runKey },
  ]);
  return { bundle: adjusted };
}

/** A page that fails is named in the flight's accuracy, and stops nothing. */
async function assessPageOrNameIt(request: PageRequest): Promise<PageAccuracy> {
  const { page, pages, imageCount } = request;
  try {
    return await executeChild(AccuracyPageWorkflow, {
      workflowId: `${workflowInfo().workflowId}-${String(page).padStart(4, '0')}`,
      args: [request],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      typedSearchAttributes: workflowInfo().typedSearchAttributes,
      staticSummary: `page ${page} of ${pages}: ${imageCount} images`,
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    const reason = reasonOf(error);
    log.warn('Page left out of the flight accuracy', { page, reason });
    return { page, images: null, imageCount, reason };
  }
}

/** Assesses the images of one page, at most 500, in batches on the processor queue. */
export async function AccuracyPageWorkflow(request: PageRequest): Promise<PageAccuracy> {
  expectShape(request, pageShape);
  const { page, images, imageCount, runKey } = request;
  const plan = request.plan === undefined ? {} : { plan: request.plan };
  let done = 0;
  const progress = keepProgress({
    stage: 'accuracy',
    done,
    total: imageCount,
    words: `Assessing ${imageCount} images`,
  });
  try {
    const slices = cutIntoSlices(imageCount, BATCH_SIZE);
    const batches = await mapWindow(slices, BATCH_WINDOW, async ({ from, count }) => {
      const assessed = await assessImages.executeWithOptions(
        { summary: `images ${from + 1} to ${from + count} of page ${page}` },
        [{ page: images, from, count, ...plan, runKey }],
      );
      done += count;
      progress.report({ done, words: `${done} of ${imageCount} images assessed` });
      return assessed;
    });
    const composed = await composePage.executeWithOptions({ summary: `compose page ${page}` }, [
      { batches, runKey },
    ]);
    return { page, images: composed, imageCount, reason: null };
  } catch (error) {
    if (isCancellation(error)) throw error;
    throw asWorkflowFailure(error);
  }
}
