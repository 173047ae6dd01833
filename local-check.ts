import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { CheckedFlight } from './contracts/checked-flight.ts';
import type { FetchedImage, FlightImage } from './contracts/flight.ts';
import type { ChangedThresholds } from './contracts/flight-thresholds.ts';
import { MissingSource } from './contracts/failures.ts';
import { mapWindow } from './durable/map-window.ts';
import { compareWithNeighbors } from './ingestion/io/compare-with-neighbors.ts';
import { fetchImage } from './ingestion/io/fetch-image.ts';
import { listFlight } from './ingestion/io/list-flight.ts';
import { closePixelThreads } from './ingestion/io/pixel-threads.ts';
import { createImageExaminer } from './ingestion/io/remembered-examination.ts';
import { modelFileOf, useGroundModel } from './ingestion/io/use-ground-model.ts';
import { ManifestBuilder } from './ingestion/model/manifest.ts';
import { judgeOrientations, planComparisons } from './ingestion/model/orientation-test.ts';
import { demBeside } from './orchestrator/io/admit-assessment.ts';
import { findOrigin } from './orchestrator/io/find-origin.ts';
import { jobIdOf } from './orchestrator/model/job-id.ts';
import type { ArtifactStore } from './platform/artifact-store.ts';
import { closeArchives } from './platform/archive.ts';
import { type Settings, sourceRoots } from './platform/configuration.ts';
import { closeBuckets } from './platform/bucket.ts';
import { closeDownloads } from './platform/download.ts';
import { openArtifactStore } from './platform/open-store.ts';

export interface LocalCheck {
  settings: Settings;
  jobId: string | undefined;
  /** Limits of the verdict that differ from the defaults. */
  thresholds?: ChangedThresholds | undefined;
  signal: AbortSignal;
  /** Called with the result while the files of the check are still in the store. */
  onJudged?: (checked: CheckedFlight, store: ArtifactStore) => Promise<void>;
  onProgress: (done: number, total: number) => void;
}

/**
 * Checks a flight in this process, without a server: the steps of ingestion, one after the other, with
 * the same findings. What dies with it is lost, but for the examinations, which are remembered.
 *
 * @throws {MissingSource} or {InvalidInput} when there is nothing to check.
 */
export async function checkFlightLocally(
  imagePath: string,
  { settings, jobId, thresholds, signal, onJudged, onProgress }: LocalCheck,
): Promise<CheckedFlight> {
  const store = openArtifactStore(settings);
  const owner = `check-${randomUUID()}`;
  const network = {
    settings,
    isServerLocal: true,
    store,
    owner,
    limitBytes: settings.SKYLOOM_MAX_DOWNLOAD_MEGABYTES * 1e6,
    allowPrivateAddresses: settings.SKYLOOM_ALLOW_PRIVATE_ADDRESSES,
    signal,
  };
  try {
    const origin = await findOrigin(imagePath, sourceRoots(settings, true));
    const { sources, companions } = await listFlight(origin, network, { thresholds });
    if (sources.length === 0) {
      throw new MissingSource(
        `Cannot check "${imagePath}" as it holds no image: give a folder with images, or a list of them`,
      );
    }
    const threads = settings.SKYLOOM_PIXEL_THREADS ?? availableParallelism();
    const examine = createImageExaminer({ settings, store }, threads);
    let done = 0;
    const images = await mapWindow(sources, threads, async (source): Promise<FlightImage> => {
      signal.throwIfAborted();
      const fetched: FetchedImage = await fetchImage(source, { ...network, isLastTry: true });
      const examined = await examine(fetched, owner);
      onProgress(++done, sources.length);
      return examined;
    });
    const builder = new ManifestBuilder(companions, thresholds);
    if (builder.needsTimes) builder.meet(images);
    builder.survey(images);
    const { dem } = await demBeside(origin);
    await useGroundModel(builder, await modelFileOf(dem, companions.groundModel, store));
    builder.locate(images);
    const compared = await mapWindow(
      [...planComparisons(builder.charted)],
      threads,
      async (comparison) => {
        signal.throwIfAborted();
        return compareWithNeighbors(comparison, store, threads);
      },
    );
    const orientation = judgeOrientations(
      compared,
      images.length,
      builder.thresholds.turnAdvantage,
    );
    const judged = builder.judge(images, orientation);
    const flightId = jobId ?? jobIdOf(origin.location);
    const { parts: _parts, ...manifest } = builder.build(flightId, [], orientation);
    const checked = { ...manifest, images: judged };
    await onJudged?.(checked, store);
    return checked;
  } finally {
    await giveBack(store, owner);
    await closePixelThreads();
    await closeDownloads();
    closeArchives();
    await closeBuckets();
  }
}

async function giveBack(store: ArtifactStore, owner: string): Promise<void> {
  await store.owners.releaseAllBut(owner, new Set());
  await store.owners.forget(owner);
}
