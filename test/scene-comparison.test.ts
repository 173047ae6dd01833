import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { AutomationResult } from '../contracts/automation.ts';
import { readSceneHeader } from '../geolocalization/io/read-scene-header.ts';
import { readSettings } from '../platform/configuration.ts';
import { runFolderPath } from '../platform/run-folder.ts';
import { resultOf, startAutomation } from '../starter/automation-run.ts';
import { startWorkerProcess } from '../starter/stack.ts';
import { itAtLength } from './support/long-tests.ts';
import { PAIR_SCENE, writeScenePair } from './support/scene-pair.ts';
import { scratchFolder } from './support/scratch-folder.ts';
import { startTestStack, type TestStack } from './support/test-stack.ts';
import { startRangeServer } from './support/range-server.ts';
import { tiledReference } from './support/tiled-reference.ts';
import { writeTurnedScene } from './support/turned-scene.ts';
import { until } from './support/until.ts';

const LONG = 180_000;
const KINDS = ['automation', 'geolocalization', 'processor', 'cleanup'] as const;

let pair: { scenePath: string; referencePath: string };
let testStack: TestStack;
let result: AutomationResult;

beforeAll(async () => {
  pair = await writeScenePair(await scratchFolder());
  testStack = await startTestStack(KINDS, { SKYLOOM_ALLOW_PRIVATE_ADDRESSES: 'true' });
  result = await run('satellite/compared');
}, LONG);

describe('a scene that is compared with a reference', () => {
  it('is located by the shift that it was made with, to a twentieth of a pixel', async () => {
    expect(result.verdict).toBe('located');
    expect(result.counts).toEqual({ images: 1, usable: 1, failed: 0 });
    expect(result.notEvaluated).toEqual([]);
    const { registration } = await readDocument('scene.json');
    expect(registration.status).toBe('LOCATED');
    const { pixelMeters, west, north, shiftEast, shiftNorth } = PAIR_SCENE;
    const [x, , , y] = registration.correctedTransform;
    expect(Math.abs(x - (west - shiftEast))).toBeLessThan(pixelMeters / 20);
    expect(Math.abs(y - (north - shiftNorth))).toBeLessThan(pixelMeters / 20);
    expect(registration.remainingPixels).toBeLessThan(0.1);
    expect(registration.circularError90.meters).toBeLessThan(pixelMeters / 10);
    expect(registration.similarityAfter).toBeGreaterThan(registration.similarityBefore);
  });

  it('leaves its documents under plain names, and a page that shows them', async () => {
    const folder = runFolderPath(testStack.home, result.runKey);
    expect((await readdir(folder)).sort()).toEqual([
      'distortion.tif',
      'footprint.geojson',
      'report.html',
      'result.json',
      'scene.corrected.tif',
      'scene.json',
      'scene.stac.json',
      'scene.tfw',
      'tie-points.geojson',
    ]);
    const page = await readFile(join(folder, 'report.html'), 'utf8');
    expect(page).toContain('Reference in red');
    expect(page).toContain('Histogram of residuals');
    expect(page).toMatch(/What the correction leaves of them: [\d.]+ c?m rms, [\d.]+ c?m at most/);
    expect(page).not.toMatch(/<script|(src|href)="https?:/);
    const { features } = await readDocument('tie-points.geojson');
    expect(features.length).toBeGreaterThan(30);
    expect(features[0].geometry.coordinates[0]).toBeCloseTo(11.43, 1);
  });

  it('gets a corrected file whose pixels are those of the scene', async () => {
    const folder = runFolderPath(testStack.home, result.runKey);
    const { registration } = await readDocument('scene.json');
    const header = await readSceneHeader(join(folder, 'scene.corrected.tif'));
    header.transform!.forEach((value, index) =>
      expect(value).toBeCloseTo(registration.correctedTransform[index], 6),
    );
    const [old, corrected] = await Promise.all([
      readFile(pair.scenePath),
      readFile(join(folder, 'scene.corrected.tif')),
    ]);
    expect(corrected.subarray(8, old.length).equals(old.subarray(8))).toBe(true);
  });

  it('keeps only files that its result leads to', async () => {
    const owned = await readdir(join(testStack.home, 'owners', 'by-owner', result.runKey));
    // The scene, two overlays and the nine documents: no plan, no batch, no reference.
    expect(owned).toHaveLength(12);
  });

  it('gives the same digest with more workers, one of which is killed half-way', async () => {
    const settings = readSettings({ ...process.env, SKYLOOM_HOME: testStack.home });
    const { stack, client } = testStack;
    const more = await Promise.all(
      [1, 2].map(() =>
        startWorkerProcess('processor', stack.access, settings, stack.logFolder, () => undefined),
      ),
    );
    try {
      await begin('satellite/disturbed');
      const pidBefore = stack.workers.get('processor')!.pid!;
      await until('the first windows', async () => {
        const child = client.workflow.getHandle('satellite/disturbed-geolocalization');
        const { raw } = await child.describe();
        return (raw.pendingActivities ?? []).some(
          ({ activityType, state }) => activityType?.name === 'measureWindows' && state === 2,
        );
      });
      process.kill(pidBefore, 'SIGKILL');
      const { digest } = await resultOf(client.workflow.getHandle('satellite/disturbed'));
      expect(digest).toBe(result.digest);
    } finally {
      await Promise.all(more.map((worker) => worker.stop()));
    }
  }, 120_000);

  itAtLength(
    'gives the same digest with four workers',
    async () => {
      const settings = readSettings({ ...process.env, SKYLOOM_HOME: testStack.home });
      const { stack } = testStack;
      const more = await Promise.all(
        [1, 2, 3].map(() =>
          startWorkerProcess('processor', stack.access, settings, stack.logFolder, () => undefined),
        ),
      );
      try {
        expect((await run('satellite/four')).digest).toBe(result.digest);
      } finally {
        await Promise.all(more.map((worker) => worker.stop()));
      }
    },
    LONG,
  );
});

describe('a scene without a place, and a reference on a web server', () => {
  itAtLength(
    'is found by a search of the whole, through workers that die and without reading all of it',
    async () => {
      const ground = {
        columns: 1400,
        rows: 1400,
        pixelMeters: 10,
        west: 674_000,
        north: 5_342_000,
      };
      const folder = await scratchFolder();
      const scene = join(folder, 'bare.tif');
      const truth = { east: 5200, south: 4700, degrees: -24, scale: 1.2 };
      await writeTurnedScene(scene, ground, { ...truth, side: 400, statedOff: null });
      const server = await startRangeServer();
      try {
        const body = await tiledReference(ground);
        server.files.set('/ortho.tif', { body });
        const reference = `${server.base}/ortho.tif?key=secret`;
        await begin('satellite/bare', { reference, imagePath: scene });
        await until('the search', async () => {
          const child = testStack.client.workflow.getHandle('satellite/bare-geolocalization');
          const { raw } = await child.describe();
          return (raw.pendingActivities ?? []).some(
            ({ activityType, state }) => activityType?.name === 'searchScene' && state === 2,
          );
        });
        process.kill(testStack.stack.workers.get('processor')!.pid!, 'SIGKILL');
        const found = await resultOf(testStack.client.workflow.getHandle('satellite/bare'));
        expect(found.verdict).toBe('located');
        expect(found.counts).toEqual({ images: 1, usable: 1, failed: 0 });
        const at = runFolderPath(testStack.home, found.runKey);
        const { registration, status } = JSON.parse(await readFile(join(at, 'scene.json'), 'utf8'));
        expect(status).toBe('unlocated');
        expect(registration).toMatchObject({ status: 'LOCATED', search: { isFound: true } });
        const [x, , , y] = registration.correctedTransform;
        expect(Math.abs(x - (ground.west + truth.east))).toBeLessThan(2);
        expect(Math.abs(y - (ground.north - truth.south))).toBeLessThan(2);
        const item = JSON.parse(await readFile(join(at, 'scene.stac.json'), 'utf8'));
        expect(item.properties['proj:code']).toBe('EPSG:32632');
        expect(item.bbox[0]).toBeGreaterThan(11);
        expect(await readFile(join(at, 'report.html'), 'utf8')).toContain(
          'The scene states no place',
        );
      } finally {
        await server.stop();
      }
    },
    180_000,
  );

  it('is refused in one sentence when the server has no such file', async () => {
    const server = await startRangeServer();
    try {
      await begin('satellite/gone', { reference: `${server.base}/gone.tif` });
      await expect(resultOf(testStack.client.workflow.getHandle('satellite/gone'))).rejects.toThrow(
        /Cannot download ".*gone.tif" as the server answered with status 404/,
      );
    } finally {
      await server.stop();
    }
  }, 60_000);
});

describe('a request whose reference cannot serve', () => {
  it('is refused in one sentence', async () => {
    await begin('satellite/no-reference', { reference: join(testStack.home, 'owners') });
    await expect(
      resultOf(testStack.client.workflow.getHandle('satellite/no-reference')),
    ).rejects.toThrow(/Cannot use ".*" as reference as no file of it lies in a map/);
  }, 60_000);
});

async function run(workflowId: string): Promise<AutomationResult> {
  await begin(workflowId);
  return resultOf(testStack.client.workflow.getHandle(workflowId));
}

async function begin(
  workflowId: string,
  more: { reference?: string; imagePath?: string } = {},
): Promise<void> {
  const request = {
    imageType: 'Satellite',
    imagePath: pair.scenePath,
    reference: pair.referencePath,
    jobId: 'compared',
    ...more,
  } as const;
  await startAutomation(testStack.client, request, workflowId);
}

async function readDocument(name: string) {
  const folder = runFolderPath(testStack.home, result.runKey);
  return JSON.parse(await readFile(join(folder, name), 'utf8'));
}
