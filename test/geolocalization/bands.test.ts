import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeWindowThreads } from '../../geolocalization/io/window-threads.ts';
import { registrationSection } from '../../orchestrator/model/registration-section.ts';
import { closeDownloads } from '../../platform/download.ts';
import { itAtLength } from '../support/long-tests.ts';
import { type BandScene, bandScene, imageryMetadata } from '../support/band-scene.ts';
import { startRangeServer } from '../support/range-server.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { SHIFTED_SCENE } from '../support/tiled-reference.ts';
import { compareScene } from './support/compare-scene.ts';

const LONG = 60_000;
const GROUND = {
  ...SHIFTED_SCENE,
  columns: 352,
  rows: 352,
  west: SHIFTED_SCENE.west - 160,
  north: SHIFTED_SCENE.north + 160,
  shiftEast: 0,
  shiftNorth: 0,
};
/** Of its four bands only the last one, near infrared, shows what the reference does. */
const SCENE = { ...SHIFTED_SCENE, grounds: [1, 2, 3, 0] };
const REFERENCE = { ...GROUND, grounds: [0] };
const SCENE_METADATA = imageryMetadata([0.49, 0.56, 0.665, 0.84]);
const NEAR_INFRARED = imageryMetadata([0.842]);

let folder: string;

beforeAll(async () => {
  folder = await scratchFolder();
});

afterAll(async () => {
  await closeDownloads();
  await closeWindowThreads();
});

async function written(name: string, scene: BandScene): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bandScene(scene));
  return path;
}

async function compare(scene: string, reference: string) {
  return compareScene(await scratchFolder(), { scene, reference }, { canSearch: false });
}

function expectRightPlace([x, , , y]: readonly number[]): void {
  expect(x).toBeCloseTo(SCENE.west - SCENE.shiftEast, 0);
  expect(y).toBeCloseTo(SCENE.north - SCENE.shiftNorth, 0);
}

describe('a scene and a reference of different bands', () => {
  it(
    'are compared in those of the nearest wavelengths',
    async () => {
      const { location, registration } = await compare(
        await written('scene.tif', { ...SCENE, metadata: SCENE_METADATA }),
        await written('near-infrared.tif', { ...REFERENCE, metadata: NEAR_INFRARED }),
      );
      expect(location.wavelengths).toEqual([0.49, 0.56, 0.665, 0.84]);
      expect(registration.status).toBe('LOCATED');
      expectRightPlace(registration.correctedTransform!);
      const wavelengths = { scene: 0.84, reference: 0.842 };
      expect(registration.comparedBands).toEqual({ scene: [3], reference: [0], wavelengths });
      expect(registrationSection(registration, null).markup).toContain(
        'band 4 of the scene (0.84 µm) with the one of 0.842 µm of the reference',
      );
    },
    LONG,
  );

  it(
    'are not located by the first bands of a scene that does not tell its wavelengths',
    async () => {
      const { location, registration } = await compare(
        await written('untold.tif', SCENE),
        await written('told.tif', { ...REFERENCE, metadata: NEAR_INFRARED }),
      );
      expect(location).not.toHaveProperty('wavelengths');
      expect(registration.status).not.toBe('LOCATED');
      expect(registration).not.toHaveProperty('comparedBands');
    },
    LONG,
  );

  it(
    'are compared so, too, where only a part of the reference is fetched',
    async () => {
      const server = await startRangeServer();
      try {
        const metadata = imageryMetadata([0.49, 0.56, 0.665, 0.842]);
        const body = bandScene({ ...GROUND, grounds: [1, 2, 3, 0], metadata });
        server.files.set('/reference.tif', { body });
        const { registration } = await compare(
          await written('one.tif', { ...SHIFTED_SCENE, grounds: [0], metadata: NEAR_INFRARED }),
          `${server.base}/reference.tif`,
        );
        expect(registration.status).toBe('LOCATED');
        expectRightPlace(registration.correctedTransform!);
        // The part holds that band alone.
        expect(registration.references[0]!.part).toBeDefined();
        expect(registration.comparedBands).toMatchObject({ scene: [0], reference: [0] });
      } finally {
        await server.stop();
      }
    },
    LONG,
  );

  itAtLength(
    'are looked for in them where the scene states a wrong place',
    async () => {
      const far = { ...SCENE, west: SCENE.west + 30_000, shiftEast: SCENE.shiftEast + 30_000 };
      const paths = {
        scene: await written('far.tif', { ...far, metadata: SCENE_METADATA }),
        reference: await written('all.tif', { ...REFERENCE, metadata: NEAR_INFRARED }),
        searchArea: [11.3, 48.1, 11.6, 48.2] as const,
      };
      const { registration } = await compareScene(await scratchFolder(), paths);
      expect(registration.status).toBe('LOCATED');
      expect(registration.search).toMatchObject({ isFound: true });
      expectRightPlace(registration.correctedTransform!);
      expect(registration.comparedBands).toMatchObject({ scene: [3], reference: [0] });
    },
    LONG,
  );
});
