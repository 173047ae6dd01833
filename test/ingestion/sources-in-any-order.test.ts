import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { AdmittedRequest } from '../../contracts/automation.ts';
import type { IngestedFlight } from '../../contracts/flight.ts';
import { cutIntoSlices } from '../../durable/batches.ts';
import { mapWindow } from '../../durable/map-window.ts';
import {
  createExaminationActivities,
  createIngestionActivities,
} from '../../ingestion/activities.ts';
import { closePixelThreads } from '../../ingestion/io/pixel-threads.ts';
import { randomNumbers } from '../../maths/seeded-random.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
import { readSettings } from '../../platform/configuration.ts';
import { closeDownloads } from '../../platform/download.ts';
import { type HostileServer, startHostileServer } from '../platform/hostile-server.ts';
import { runActivity } from '../support/run-activity.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { writeTexturedFlight } from '../support/textured-flight.ts';

const IMAGES = 12;

let server: HostileServer;
let names: string[];
let delays: () => number;

beforeAll(async () => {
  const flight = await scratchFolder();
  await writeTexturedFlight(flight, IMAGES, 0.05);
  const images = async () => (await readdir(flight)).filter((name) => name.endsWith('.JPG'));
  names = (await images()).sort();
  const first = await readFile(join(flight, names[0]!));
  // A copy and a file cut short, so that what one image is worth depends on the others.
  await writeFile(join(flight, 'COPY.JPG'), first);
  await writeFile(join(flight, 'CUT.JPG'), first.subarray(0, first.length / 2));
  names = [...(await images()), 'MISSING.JPG'];
  const answers = await Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(flight, name)).catch(() => null);
      return [
        `/${name}`,
        ({ response }) => {
          setTimeout(() => (bytes ? response.end(bytes) : response.writeHead(404).end()), delays());
        },
      ] as const satisfies [string, Parameters<typeof startHostileServer>[0][string]];
    }),
  );
  server = await startHostileServer(Object.fromEntries(answers));
});

afterAll(async () => {
  await closePixelThreads();
  await closeDownloads();
  await server.close();
});

describe('the manifest of a flight', () => {
  it('has the same bytes in any order, with any batches and any number of workers', async () => {
    const inOrder = await ingest({ seed: 0, batchSize: 5, atOnce: 1, threads: 1 });
    expect(inOrder.counts).toEqual({ images: IMAGES + 3, usable: IMAGES, failed: 3 });
    for (const way of [
      { seed: 1, batchSize: 1, atOnce: 4, threads: 2 },
      { seed: 2, batchSize: 4, atOnce: 3, threads: 3 },
      { seed: 3, batchSize: 20, atOnce: 1, threads: 2 },
    ]) {
      expect(await ingest(way)).toEqual(inOrder);
    }
  }, 60_000);
});

/** The steps of the workflow on a storage of their own, batches begun and ended in a shuffled order. */
async function ingest(way: {
  seed: number;
  batchSize: number;
  atOnce: number;
  threads: number;
}): Promise<IngestedFlight> {
  // The threads of the way before would be taken on.
  await closePixelThreads();
  const random = randomNumbers(String(way.seed));
  delays = () => random() * 20;
  const folder = await scratchFolder();
  const list = join(folder, 'list.txt');
  const shuffled = names.map((name) => ({ name, at: random() })).sort((a, b) => a.at - b.at);
  await writeFile(list, shuffled.map(({ name }) => `${server.base}/${name}`).join('\n'));
  const services = {
    settings: readSettings({ SKYLOOM_HOME: folder, SKYLOOM_ALLOW_PRIVATE_ADDRESSES: 'true' }),
    store: new ArtifactStore(folder),
    logger: pino({ level: 'silent' }),
    isServerLocal: true,
  };
  const { listImages, fetchImages, sealPage, composeManifest } =
    createIngestionActivities(services);
  const { examineImages } = createExaminationActivities({ ...services, pixelThreads: way.threads });
  const runKey = 'run-1';
  const request: AdmittedRequest = {
    imageType: 'Navad',
    jobId: 'flight',
    tenant: 'default',
    origin: { kind: 'list', location: list },
    force: false,
    runKey,
    notEvaluated: [],
  };
  const { pages, companions } = await runActivity(listImages, request);
  const sealed: ArtifactRef[] = [];
  for (const page of pages) {
    const slices = cutIntoSlices(page.count, way.batchSize).map((slice) => ({
      slice,
      at: way.seed === 0 ? slice.from : random(),
    }));
    const examined = new Map<number, ArtifactRef>();
    slices.sort((a, b) => a.at - b.at);
    await mapWindow(slices, way.atOnce, async ({ slice: { from, count } }) => {
      const fetched = await runActivity(fetchImages, { page: page.ref, from, count, runKey });
      examined.set(from, await runActivity(examineImages, { fetched, count, runKey }));
    });
    const inOrder = [...examined].sort(([a], [b]) => a - b).map(([, ref]) => ref);
    sealed.push(await runActivity(sealPage, { examined: inOrder, runKey }));
  }
  return runActivity(composeManifest, {
    flightId: 'flight',
    pages: sealed,
    ...(companions === undefined ? {} : { companions }),
    runKey,
  });
}
