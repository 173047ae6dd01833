import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { pino } from 'pino';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { imageListingPageSchema } from '../../contracts/flight.ts';
import { MAX_FLIGHT_IMAGES, PAGE_SIZE } from '../../contracts/flight-limits.ts';
import { mapWindow } from '../../durable/map-window.ts';
import { createIngestionActivities } from '../../ingestion/activities.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
import { readSettings } from '../../platform/configuration.ts';
import { flightImage } from '../support/flight-image.ts';
import { itAtLength } from '../support/long-tests.ts';
import { runActivity } from '../support/run-activity.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const FILES_PER_FOLDER = 1_000;
const TEST_LIMIT_MS = 10 * 60_000;

describe('a flight of the largest size', () => {
  itAtLength(
    'is listed in pages and judged as a whole, with bounded memory',
    async () => {
      const folder = await scratchFolder();
      const flight = join(folder, 'flight');
      for (let from = 0; from < MAX_FLIGHT_IMAGES; from += FILES_PER_FOLDER) {
        const card = join(flight, 'DCIM', String(100 + from / FILES_PER_FOLDER));
        await mkdir(card, { recursive: true });
        const names = Array.from({ length: FILES_PER_FOLDER }, (_, index) => nameOf(from + index));
        await mapWindow(names, 16, (name) => writeFile(join(card, name), ''));
      }
      const store = new ArtifactStore(join(folder, 'home'));
      const { listImages, composeManifest } = createIngestionActivities({
        settings: readSettings({ SKYLOOM_HOME: join(folder, 'home') }),
        store,
        logger: pino({ level: 'silent' }),
        isServerLocal: true,
      });
      const runKey = 'run-1';
      const listing = measured('listed');
      const listed = await runActivity(listImages, {
        imageType: 'Navad',
        jobId: 'large',
        tenant: 'default',
        origin: { kind: 'folder', location: flight },
        force: false,
        runKey,
        notEvaluated: [],
      });
      listing();
      expect(listed.imageCount).toBe(MAX_FLIGHT_IMAGES);
      expect(listed.pages).toHaveLength(MAX_FLIGHT_IMAGES / PAGE_SIZE);
      // What travels is references: far below what one payload may have.
      expect(JSON.stringify(listed).length).toBeLessThan(64 * 1024);

      const pages: ArtifactRef[] = [];
      let last = '';
      for (const { ref } of listed.pages) {
        const { sources } = await store.readJson(ref, imageListingPageSchema);
        for (const { name } of sources) {
          expect(name > last).toBe(true);
          last = name;
        }
        pages.push(
          await store.addJson(runKey, { images: sources.map(({ name }) => flightImage(name)) }),
        );
      }
      const composing = measured('judged');
      const flightOf = { flightId: 'large', pages, runKey };
      const ingested = await runActivity(composeManifest, flightOf);
      composing();
      expect(ingested.counts.images).toBe(MAX_FLIGHT_IMAGES);
      expect(JSON.stringify(ingested).length).toBeLessThan(64 * 1024);
      expect(await runActivity(composeManifest, flightOf)).toEqual(ingested);
    },
    TEST_LIMIT_MS,
  );
});

/** Says what a step cost; says nothing against a slow machine. */
function measured(what: string): () => void {
  const from = performance.now();
  const before = process.memoryUsage().rss;
  return () => {
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    const more = Math.round((process.memoryUsage().rss - before) / 1e6);
    console.info(`${MAX_FLIGHT_IMAGES} images ${what} in ${seconds} s, ${more} MB more memory`);
  };
}

function nameOf(index: number): string {
  return `IMG_${String(index).padStart(6, '0')}.JPG`;
}
