import { setImmediate } from 'node:timers/promises';
import {
  activityInfo,
  ApplicationFailure,
  cancellationSignal,
  heartbeat,
  log,
} from '@temporalio/activity';
import type { ArtifactRef } from '../contracts/artifacts.ts';
import type { AdmittedRequest } from '../contracts/automation.ts';
import { MissingSource } from '../contracts/failures.ts';
import {
  type FetchedImage,
  fetchedBatchSchema,
  type FlightImage,
  flightImagesSchema,
  type FlightManifest,
  imageListingPageSchema,
  type IngestedFlight,
} from '../contracts/flight.ts';
import { flightCompanionsSchema } from '../contracts/flight-companions.ts';
import { PAGE_SIZE } from '../contracts/flight-limits.ts';
import type { ChangedThresholds } from '../contracts/flight-thresholds.ts';
import {
  type ComparedImage,
  comparedImageSchema,
  comparedImagesSchema,
  type Comparison,
  comparisonsSchema,
} from '../contracts/orientation-plan.ts';
import { DownloadFailed } from '../platform/download-failures.ts';
import { workThroughBatch } from '../platform/temporal/batch-checkpoint.ts';
import { createImageMeter } from '../platform/temporal/image-meter.ts';
import type { WorkerServices } from '../platform/temporal/worker-spec.ts';
import { compareWithNeighbors } from './io/compare-with-neighbors.ts';
import { fetchImage } from './io/fetch-image.ts';
import { listFlight } from './io/list-flight.ts';
import { createImageExaminer } from './io/remembered-examination.ts';
import { modelFileOf, useGroundModel } from './io/use-ground-model.ts';
import { ManifestBuilder } from './model/manifest.ts';
import { judgeOrientations, planComparisons } from './model/orientation-test.ts';
import { poisonedImage } from './model/finding.ts';

/** Attempts of a batch after which an image that still cannot be fetched is left out by name. */
const FETCH_ATTEMPTS = 4;

/** A server that says when it will have time again is asked then, and not when the policy says. */
function comeBackWhenAsked(error: unknown): never {
  if (!(error instanceof DownloadFailed) || error.retryAfterMs === null) throw error;
  throw ApplicationFailure.create({
    type: 'Busy',
    message: error.message,
    nextRetryDelay: error.retryAfterMs,
    cause: error,
  });
}

/** Says at most every other second that a listing goes on: it may say so for each of a million names. */
function createPacer(say: () => void): () => void {
  let saidAtMs = 0;
  return () => {
    if (performance.now() - saidAtMs < 2_000) return;
    saidAtMs = performance.now();
    say();
  };
}

/** What is known of a flight before its first image is touched. */
export interface ListedFlight {
  imageCount: number;
  pages: { ref: ArtifactRef; count: number }[];
  /** What the files beside the images say; not there in runs that an older version began. */
  companions?: ArtifactRef;
}

/** A flight whose images were all examined. */
export interface ExaminedFlight {
  pages: ArtifactRef[];
  companions?: ArtifactRef;
  thresholds?: ChangedThresholds;
  /** The ground model below the flight, as a whole path. */
  dem?: string;
  runKey: string;
}

/** Pages of comparisons, each an artifact. */
export interface ComparisonPages {
  total: number;
  pages: { ref: ArtifactRef; count: number }[];
}

export function createIngestionActivities({ store, settings, isServerLocal }: WorkerServices) {
  const sourceOptions = (owner: string, onProgress: () => void) => ({
    settings,
    isServerLocal,
    store,
    owner,
    limitBytes: settings.SKYLOOM_MAX_DOWNLOAD_MEGABYTES * 1e6,
    allowPrivateAddresses: settings.SKYLOOM_ALLOW_PRIVATE_ADDRESSES,
    signal: cancellationSignal(),
    onProgress,
  });

  /** Lists the images of the flight in order of name, in pages. Safe to repeat. */
  async function listImages({
    origin,
    runKey,
    assessment = {},
    thresholds,
  }: AdmittedRequest): Promise<ListedFlight> {
    const { sources, companions } = await listFlight(
      origin,
      sourceOptions(runKey, createPacer(heartbeat)),
      { ...assessment, thresholds },
    );
    if (sources.length === 0) {
      throw new MissingSource(
        `Cannot ingest "${origin.location}" as it holds no image: give a folder with images, or a list of them`,
      );
    }
    const pages: ListedFlight['pages'] = [];
    for (let from = 0; from < sources.length; from += PAGE_SIZE) {
      const page = sources.slice(from, from + PAGE_SIZE);
      pages.push({ ref: await store.addJson(runKey, { sources: page }), count: page.length });
      heartbeat();
    }
    log.info('Listed images', { images: sources.length, remarks: companions.findings.length });
    return {
      imageCount: sources.length,
      pages,
      companions: await store.addJson(runKey, companions),
    };
  }

  /**
   * Brings a slice of a page into the artifact store; what cannot be had is a finding of its image.
   *
   * Safe to repeat: a file is named after its content, so a retry leaves no second copy, and images
   * before the last checkpoint are not fetched again.
   */
  async function fetchImages(slice: {
    page: ArtifactRef;
    from: number;
    count: number;
    runKey: string;
  }): Promise<ArtifactRef> {
    const { sources } = await store.readJson(slice.page, imageListingPageSchema);
    const meter = createImageMeter<FetchedImage>('fetch', ({ file }) => ({
      isFailed: file === null,
      bytes: file?.bytes ?? 0,
    }));
    const images = await workThroughBatch<(typeof sources)[number], FetchedImage>(
      sources.slice(slice.from, slice.from + slice.count),
      fetchedBatchSchema.shape.images.element,
      { atATime: 4, nameOf: ({ name }) => name },
      (source, onProgress) =>
        meter(() =>
          fetchImage(source, {
            ...sourceOptions(slice.runKey, onProgress),
            isLastTry: activityInfo().attempt >= FETCH_ATTEMPTS,
          }),
        ).catch(comeBackWhenAsked),
      ({ name }) => ({ name, file: null, findings: [poisonedImage(name)] }),
    );
    return store.addJson(slice.runKey, { images });
  }

  /** Puts the batches of one page together. */
  async function sealPage(page: { examined: ArtifactRef[]; runKey: string }): Promise<ArtifactRef> {
    const images: FlightImage[] = [];
    for (const ref of page.examined) {
      images.push(...(await store.readJson(ref, flightImagesSchema)).images);
    }
    return store.addJson(page.runKey, { images });
  }

  /** The images of a flight, page by page, with a sign of life after each. */
  async function* pagesOf(pages: readonly ArtifactRef[]): AsyncGenerator<FlightImage[]> {
    for (const page of pages) {
      yield (await store.readJson(page, flightImagesSchema)).images;
      heartbeat();
    }
  }

  /** A builder that has met every image twice; pages are read one at a time. */
  async function chartFlight(flight: ExaminedFlight): Promise<ManifestBuilder> {
    const companions =
      flight.companions === undefined
        ? undefined
        : await store.readJson(flight.companions, flightCompanionsSchema);
    const builder = new ManifestBuilder(companions, flight.thresholds);
    if (builder.needsTimes) {
      for await (const images of pagesOf(flight.pages)) builder.meet(images);
    }
    for await (const images of pagesOf(flight.pages)) builder.survey(images);
    await useGroundModel(builder, await modelFileOf(flight.dem, companions?.groundModel, store));
    heartbeat();
    for await (const images of pagesOf(flight.pages)) builder.locate(images);
    // Half a minute of a hundred thousand images would pass for a lost worker without a word between.
    for (const _step of builder.settle()) {
      heartbeat();
      await setImmediate();
    }
    return builder;
  }

  /** Finds out which images are neighbors, so that their pixels can be compared. Safe to repeat. */
  async function planOrientationTest(flight: ExaminedFlight): Promise<ComparisonPages> {
    const { charted } = await chartFlight(flight);
    const pages: ComparisonPages['pages'] = [];
    let page: Comparison[] = [];
    const turnPage = async () => {
      const ref = await store.addJson(flight.runKey, { comparisons: page });
      pages.push({ ref, count: page.length });
      page = [];
      heartbeat();
    };
    for (const comparison of planComparisons(charted)) {
      page.push(comparison);
      if (page.length === PAGE_SIZE) await turnPage();
    }
    if (page.length > 0) await turnPage();
    const total = pages.reduce((sum, { count }) => sum + count, 0);
    log.info('Planned the test of orientations', { images: total });
    return { total, pages };
  }

  /** Puts the comparisons of one page together. */
  async function sealComparisons(page: {
    compared: ArtifactRef[];
    runKey: string;
  }): Promise<ArtifactRef> {
    const images: ComparedImage[] = [];
    for (const ref of page.compared) {
      images.push(...(await store.readJson(ref, comparedImagesSchema)).images);
    }
    return store.addJson(page.runKey, { images });
  }

  /**
   * Judges the flight as a whole and writes its manifest. Reads the pages one at a time, three times: what
   * an image is worth depends on the others (copies, medians, majorities, lines).
   */
  async function composeManifest(
    flight: ExaminedFlight & {
      flightId: string;
      /** Pages of the test of orientations; not there in runs that an older version began. */
      compared?: ArtifactRef[];
    },
  ): Promise<IngestedFlight> {
    const builder = await chartFlight(flight);
    const compared: ComparedImage[] = [];
    for (const page of flight.compared ?? []) {
      compared.push(...(await store.readJson(page, comparedImagesSchema)).images);
      heartbeat();
    }
    const orientation =
      flight.compared === undefined
        ? undefined
        : judgeOrientations(compared, builder.imageCount, builder.thresholds.turnAdvantage);
    const parts: ArtifactRef[] = [];
    const partSizes: number[] = [];
    for await (const images of pagesOf(flight.pages)) {
      const judged = builder.judge(images, orientation);
      parts.push(await store.addJson(flight.runKey, { images: judged }));
      partSizes.push(judged.length);
    }
    const manifest: FlightManifest = builder.build(flight.flightId, parts, orientation);
    log.info('Wrote manifest', { ...manifest.counts, verdict: manifest.verdict });
    return {
      manifest: await store.addJson(flight.runKey, manifest),
      parts,
      partSizes,
      counts: manifest.counts,
      verdict: manifest.verdict,
      capturedFrom: manifest.statistics.capturedFrom,
    };
  }

  return {
    listImages,
    fetchImages,
    sealPage,
    planOrientationTest,
    sealComparisons,
    composeManifest,
  };
}

export type IngestionActivities = ReturnType<typeof createIngestionActivities>;

/** Pixel work: served by the processor worker, which runs no workflow code. */
export function createExaminationActivities(services: WorkerServices & { pixelThreads: number }) {
  const { store, pixelThreads } = services;
  const examine = createImageExaminer(services, pixelThreads);

  /**
   * Decodes each image of a batch once, and writes what was seen.
   *
   * Safe to repeat: what was examined before, in this run or another, is remembered by the content of
   * the file.
   */
  async function examineImages(work: {
    fetched: ArtifactRef;
    count: number;
    runKey: string;
  }): Promise<ArtifactRef> {
    const { images } = await store.readJson(work.fetched, fetchedBatchSchema);
    const meter = createImageMeter<FlightImage>('examine', ({ file, description }) => ({
      isFailed: description === null,
      bytes: file?.bytes ?? 0,
    }));
    const examined = await workThroughBatch<FetchedImage, FlightImage>(
      images,
      flightImagesSchema.shape.images.element,
      { atATime: pixelThreads, nameOf: ({ name }) => name },
      (image) => meter(() => examine(image, work.runKey)),
      (image) => ({
        ...image,
        description: null,
        usable: false,
        findings: [...image.findings, poisonedImage(image.name)],
      }),
    );
    return store.addJson(work.runKey, { images: examined });
  }

  /**
   * Compares each image of a slice with its neighbors, heartbeating after each. Safe to repeat: the same
   * previews give the same figures.
   */
  async function compareImages(slice: {
    page: ArtifactRef;
    from: number;
    count: number;
    runKey: string;
  }): Promise<ArtifactRef> {
    const { comparisons } = await store.readJson(slice.page, comparisonsSchema);
    const images = await workThroughBatch<Comparison, ComparedImage>(
      comparisons.slice(slice.from, slice.from + slice.count),
      comparedImageSchema,
      { atATime: pixelThreads, nameOf: ({ image }) => image.name },
      (comparison) => compareWithNeighbors(comparison, store, pixelThreads),
      // Twice the worker died over it: then nothing is known of how it is turned.
      ({ image }) => ({ name: image.name, fits: false, evidence: [] }),
    );
    return store.addJson(slice.runKey, { images });
  }

  return { examineImages, compareImages };
}

export type ExaminationActivities = ReturnType<typeof createExaminationActivities>;
