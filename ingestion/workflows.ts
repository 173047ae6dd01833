import {
  continueAsNew,
  isCancellation,
  patched,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { ArtifactRef } from '../contracts/artifacts.ts';
import type { AdmittedRequest } from '../contracts/automation.ts';
import type { IngestedFlight } from '../contracts/flight.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import { batch, compose } from '../durable/activity-contracts.ts';
import { cutIntoSlices, pixelBatchSize } from '../durable/batches.ts';
import { expectShape, shapes } from '../durable/foreign-input.ts';
import { mapWindow } from '../durable/map-window.ts';
import { keepProgress } from '../durable/progress.ts';
import { asWorkflowFailure } from '../durable/root-cause.ts';
import { BATCHES_PER_RUN, BATCH_WINDOW } from '../durable/windows.ts';
import type {
  ComparisonPages,
  ExaminationActivities,
  ExaminedFlight,
  IngestionActivities,
  ListedFlight,
} from './activities.ts';

const { listImages, composeManifest, sealPage, planOrientationTest, sealComparisons } =
  proxyActivities<IngestionActivities>(compose);
const { fetchImages } = proxyActivities<IngestionActivities>(batch);
const { examineImages, compareImages } = proxyActivities<ExaminationActivities>({
  ...batch,
  taskQueue: taskQueues.processor,
});

/** Where the run before stopped; small, whatever the size of the flight. */
interface Chapter {
  listed: ListedFlight;
  /** The pages that are done, each as one artifact. */
  sealed: ArtifactRef[];
  imagesDone: number;
  /** There once the neighbors of each image are known. */
  plan?: ComparisonPages;
  /** The pages of the plan that are done, each as one artifact. */
  compared?: ArtifactRef[];
}

/** Work of one run, counted in batches, so that no history grows without a bound. */
interface BatchCount {
  batches: number;
}

const chapterShape = {
  listed: { imageCount: 'count', pages: [{ ref: shapes.artifact, count: 'count' }] },
  sealed: [shapes.artifact],
  imagesDone: 'count',
} as const;

/** Brings every image of a flight into the artifact store, examines it, and accounts for it in a manifest. */
export async function IngestionWorkflow(
  request: AdmittedRequest,
  chapter?: Chapter,
): Promise<IngestedFlight> {
  expectShape(request, shapes.admittedRequest);
  if (chapter !== undefined) expectShape(chapter, chapterShape);
  const progress = keepProgress({
    stage: 'ingestion',
    done: chapter?.imagesDone ?? 0,
    total: chapter?.listed.imageCount ?? 0,
    words: 'Listing the images of the flight',
  });
  try {
    const listed =
      chapter?.listed ??
      (await listImages.executeWithOptions({ summary: `list ${request.origin.location}` }, [
        request,
      ]));
    const batchSize = pixelBatchSize(listed.imageCount);
    const sealed = [...(chapter?.sealed ?? [])];
    let imagesDone = chapter?.imagesDone ?? 0;
    // Between two runs of one flight nothing is under way: what was fetched is examined.
    let imagesFetched = imagesDone;
    const done: BatchCount = { batches: 0 };
    const say = () =>
      progress.report({
        done: imagesDone,
        total: listed.imageCount,
        words: `${imagesFetched} of ${listed.imageCount} images fetched, ${imagesDone} examined`,
      });
    say();

    while (sealed.length < listed.pages.length) {
      if (isRunFull(done)) {
        await continueAsNew<typeof IngestionWorkflow>(request, { listed, sealed, imagesDone });
      }
      const page = listed.pages[sealed.length]!;
      const slices = cutIntoSlices(page.count, batchSize);
      const examined = await mapWindow(slices, BATCH_WINDOW, async ({ from, count }) => {
        const summary = summaryOf(listed, sealed.length, from, count);
        const fetched = await fetchImages.executeWithOptions({ summary: `fetch ${summary}` }, [
          { page: page.ref, from, count, runKey: request.runKey },
        ]);
        imagesFetched += count;
        say();
        const seen = await examineImages.executeWithOptions({ summary: `examine ${summary}` }, [
          { fetched, count, runKey: request.runKey },
        ]);
        imagesDone += count;
        say();
        return seen;
      });
      sealed.push(
        await sealPage.executeWithOptions(
          { summary: `page ${sealed.length + 1} of ${listed.pages.length}` },
          [{ examined, runKey: request.runKey }],
        ),
      );
      done.batches += slices.length;
    }
    const flight: ExaminedFlight = {
      pages: sealed,
      ...(listed.companions === undefined ? {} : { companions: listed.companions }),
      ...(request.thresholds === undefined ? {} : { thresholds: request.thresholds }),
      ...groundModelOf(request),
      runKey: request.runKey,
    };
    // Runs that began before the test of orientations end without it.
    const compared = patched('orientation-test') ? await compareNeighbors() : undefined;
    progress.report({ words: 'Writing the manifest' });
    return await composeManifest.executeWithOptions({ summary: 'write the manifest' }, [
      { flightId: request.jobId, ...flight, ...(compared === undefined ? {} : { compared }) },
    ]);

    /** Compares the pixels of neighbors, page by page, to find images that are turned. */
    async function compareNeighbors(): Promise<ArtifactRef[]> {
      progress.report({ words: 'Finding the neighbors of each image' });
      const plan =
        chapter?.plan ??
        (await planOrientationTest.executeWithOptions({ summary: 'find neighbors' }, [flight]));
      const results = [...(chapter?.compared ?? [])];
      while (results.length < plan.pages.length) {
        if (isRunFull(done)) {
          const soFar = { listed, sealed, imagesDone, plan, compared: results };
          await continueAsNew<typeof IngestionWorkflow>(request, soFar);
        }
        const page = plan.pages[results.length]!;
        const before = results.length * plan.pages[0]!.count;
        progress.report({
          words: `${before} of ${plan.total} images compared with their neighbors`,
        });
        const slices = cutIntoSlices(page.count, pixelBatchSize(plan.total));
        const parts = await mapWindow(slices, BATCH_WINDOW, ({ from, count }) =>
          compareImages.executeWithOptions(
            { summary: `compare images ${before + from + 1} to ${before + from + count}` },
            [{ page: page.ref, from, count, runKey: request.runKey }],
          ),
        );
        results.push(
          await sealComparisons.executeWithOptions(
            { summary: `comparisons ${results.length + 1} of ${plan.pages.length}` },
            [{ compared: parts, runKey: request.runKey }],
          ),
        );
        done.batches += slices.length;
      }
      return results;
    }
  } catch (error) {
    if (isCancellation(error)) throw error;
    throw asWorkflowFailure(error);
  }
}

/** Heights that count from the take-off have nothing in common with those of a model. */
function groundModelOf({ assessment }: AdmittedRequest): { dem?: string } {
  const { dem, heights } = assessment ?? {};
  return dem === undefined || heights === 'takeoff' ? {} : { dem };
}

function isRunFull({ batches }: BatchCount): boolean {
  return batches >= BATCHES_PER_RUN || workflowInfo().continueAsNewSuggested;
}

function summaryOf(listed: ListedFlight, page: number, from: number, count: number): string {
  const before = listed.pages.slice(0, page).reduce((sum, each) => sum + each.count, 0);
  return `images ${before + from + 1} to ${before + from + count} of ${listed.imageCount}`;
}
