import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { closeWindowThreads } from '../../geolocalization/io/window-threads.ts';
import { closeDownloads } from '../../platform/download.ts';
import { forgetBusyHosts } from '../../platform/download-request.ts';
import { type RangeServer, startRangeServer } from '../support/range-server.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import {
  SHIFTED_SCENE as SCENE,
  tiledReference,
  writePatchScene,
} from '../support/tiled-reference.ts';
import { compareScene } from './support/compare-scene.ts';

const LONG = 120_000;
/** Thirty times as much ground as the scene, so that reading it whole would show. */
const WIDE = {
  columns: 1800,
  rows: 1800,
  pixelMeters: 10,
  west: SCENE.west - 7000,
  north: SCENE.north + 7000,
};

let server: RangeServer;
let whole: Buffer;
let scenePath: string;

beforeAll(async () => {
  whole = await tiledReference(WIDE);
  scenePath = join(await scratchFolder(), 'scene.tif');
  await writePatchScene(scenePath, SCENE);
}, LONG);

beforeEach(async () => {
  forgetBusyHosts();
  server = await startRangeServer();
});

afterEach(() => server.stop());

afterAll(async () => {
  await closeDownloads();
  await closeWindowThreads();
});

describe('a reference on a web server', () => {
  it(
    'is read in parts: only the tiles under the scene',
    async () => {
      server.files.set('/ortho.tif', { body: whole });
      const { registration } = await compare(`${server.base}/ortho.tif?signature=secret`);
      expect(registration.status).toBe('LOCATED');
      expectRightPlace(registration.correctedTransform!);
      expect(server.sent.every(({ range }) => range !== null)).toBe(true);
      // 3 x 3 of 8 x 8 tiles, and the header.
      expect(server.sentBytes('/ortho.tif')).toBeLessThan(whole.length / 4);
      expect(JSON.stringify(registration)).not.toContain('secret');
    },
    LONG,
  );

  it(
    'is read from an overview when the scene is coarser',
    async () => {
      server.files.set('/ortho.tif', { body: whole });
      const coarse = join(await scratchFolder(), 'coarse.tif');
      const design = {
        ...SCENE,
        pixelMeters: 40,
        columns: 256,
        rows: 256,
        west: WIDE.west + 3000,
        north: WIDE.north - 3000,
      };
      await writePatchScene(coarse, design);
      const { registration } = await compare(`${server.base}/ortho.tif`, coarse);
      expect(registration.status).toBe('LOCATED');
      const [x, , , y] = registration.correctedTransform!;
      expect(Math.abs(x - (design.west - design.shiftEast))).toBeLessThan(40 / 10);
      expect(Math.abs(y - (design.north - design.shiftNorth))).toBeLessThan(40 / 10);
      expect(registration.references[0]!.part!.reduction).toBeCloseTo(4, 1);
      // Its full pixels would be two fifths of all: the overview takes less, and two looks at those.
      expect(server.sentBytes('/ortho.tif')).toBeLessThan(whole.length / 4);
    },
    LONG,
  );

  it(
    'is fetched whole from a server that sends no parts',
    async () => {
      server.hasRanges = false;
      server.files.set('/ortho.tif', { body: whole });
      const { registration } = await compare(`${server.base}/ortho.tif`);
      expect(registration.status).toBe('LOCATED');
      expectRightPlace(registration.correctedTransform!);
    },
    LONG,
  );

  it(
    'gives the same bytes again, and with connections that break',
    async () => {
      server.files.set('/ortho.tif', { body: whole });
      const first = await compare(`${server.base}/ortho.tif`);
      let asked = 0;
      server.fault = (_request, response) => {
        if (asked++ % 3 !== 1) return false;
        response.destroy();
        return true;
      };
      expect((await compare(`${server.base}/ortho.tif`)).digest).toBe(first.digest);
    },
    LONG,
  );

  it.each([
    [
      'that is not there',
      null,
      /Cannot download ".*\/ortho.tif" as the server answered with status 404/,
    ],
    [
      'that redirects for ever',
      { status: 302, location: '/ortho.tif' },
      /Cannot download ".*\/ortho.tif" as it is redirected more than 5 times/,
    ],
    ['that is empty', Buffer.alloc(0), /as it is empty|status 416/],
    ['that is a page', Buffer.from('<html>not here</html>'.repeat(9)), /as it is no TIFF/],
  ] as const)('is refused in one sentence: one %s', async (_what, answer, words) => {
    if (answer !== null && 'status' in answer) {
      server.fault = (_request, response) => {
        response.writeHead(answer.status, { location: answer.location }).end();
        return true;
      };
    } else if (answer !== null) server.files.set('/ortho.tif', { body: answer });
    const failure = await compare(`${server.base}/ortho.tif`).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ nonRetryable: true, message: expect.stringMatching(words) });
  });
});

describe('a reference in a STAC catalog', () => {
  it(
    'is the files of the items that overlap, and of the others not a byte is read',
    async () => {
      server.files.set('/ortho.tif', { body: whole });
      server.files.set('/far.tif', { body: whole });
      server.files.set(
        '/stac/collection.json',
        json({
          type: 'Collection',
          id: 'c',
          links: [
            { rel: 'self', href: './collection.json' },
            { rel: 'item', href: './items/near.json' },
            { rel: 'item', href: './items/far.json' },
          ],
        }),
      );
      server.files.set(
        '/stac/items/near.json',
        json(item('near', [11.3, 48.0, 11.7, 48.3], '../../ortho.tif')),
      );
      server.files.set(
        '/stac/items/far.json',
        json(item('far', [15, 40, 16, 41], '../../far.tif')),
      );
      const { registration } = await compare(`${server.base}/stac/collection.json`);
      expect(registration.status).toBe('LOCATED');
      expect(registration.references.map(({ name }) => name)).toEqual(['near']);
      expect(server.sentBytes('/far.tif')).toBe(0);
      // What the catalog states of its own error counts where the scene then lies on the ground.
      expect(registration.references[0]!.statedErrorMeters).toBe(3);
      const { standardErrorMeters, groundErrorMeters } = registration;
      expect(groundErrorMeters).toBeCloseTo(Math.sqrt(9 + standardErrorMeters! ** 2), 9);
    },
    LONG,
  );

  it(
    'may come as pages of a list of items',
    async () => {
      server.files.set('/ortho.tif', { body: whole });
      const next = { rel: 'next', href: `${server.base}/page2` };
      server.files.set(
        '/search',
        json({
          type: 'FeatureCollection',
          features: [item('far', [15, 40, 16, 41], '/far.tif')],
          links: [next],
        }),
      );
      server.files.set(
        '/page2',
        json({
          type: 'FeatureCollection',
          features: [item('near', [11.3, 48.0, 11.7, 48.3], '/ortho.tif')],
          links: [],
        }),
      );
      const { registration } = await compare(`${server.base}/search`);
      expect(registration.references.map(({ name }) => name)).toEqual(['near']);
      expect(registration.status).toBe('LOCATED');
    },
    LONG,
  );

  it('names the file that is gone when a scene needs it', async () => {
    server.files.set('/item.json', json(item('near', [11.3, 48.0, 11.7, 48.3], './gone.tif')));
    const { registration } = await compare(`${server.base}/item.json`);
    expect(registration.status).toBe('NOT_COMPARABLE');
    expect(registration.reason).toMatch(
      /the reference cannot be used: Cannot download ".*gone.tif" as the server answered with status 404/,
    );
  });
});

function compare(reference: string, scene = scenePath) {
  return scratchFolder().then((home) => compareScene(home, { scene, reference }));
}

function expectRightPlace([x, , , y]: readonly number[]): void {
  const precision = SCENE.pixelMeters / 20;
  expect(Math.abs(x! - (SCENE.west - SCENE.shiftEast))).toBeLessThan(precision);
  expect(Math.abs(y! - (SCENE.north - SCENE.shiftNorth))).toBeLessThan(precision);
}

function json(value: unknown) {
  return { body: Buffer.from(JSON.stringify(value)), type: 'application/json' };
}

function item(id: string, bbox: number[], href: string) {
  const assets = {
    visual: { href, type: 'image/tiff; application=geotiff; profile=cloud-optimized' },
  };
  return {
    type: 'Feature',
    stac_version: '1.1.0',
    id,
    bbox,
    geometry: null,
    properties: { 'accuracy:geometric_rmse': 3 },
    assets,
    links: [],
  };
}
