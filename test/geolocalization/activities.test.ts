import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { AdmittedRequest } from '../../contracts/automation.ts';
import { sceneLocationSchema } from '../../contracts/geolocalization.ts';
import { createGeolocalizationActivities } from '../../geolocalization/activities.ts';
import { closeArchives } from '../../platform/archive.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
import { readSettings } from '../../platform/configuration.ts';
import { SAMPLE_SCENE } from '../../samples/scene.ts';
import { encodeScene } from '../../samples/scene-file.ts';
import { runActivity } from '../support/run-activity.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { zipFile } from '../support/zip-file.ts';

describe('the geolocalization activities', () => {
  it('bring a scene into the store byte for byte, and place it', async () => {
    const home = await scratchFolder();
    const store = new ArtifactStore(home);
    const settings = readSettings({ SKYLOOM_HOME: home });
    const services = { store, settings, logger: pino({ level: 'silent' }), isServerLocal: true };
    const { fetchScene, locateScene } = createGeolocalizationActivities(services);
    const path = join(home, 'scene.tif');
    const tiff = encodeScene(new Uint8Array(64 * 48 * 3).fill(90), {
      ...SAMPLE_SCENE,
      columns: 64,
      rows: 48,
      pixelMeters: 10,
      west: 681_000,
      north: 5_335_560,
    });
    await writeFile(path, tiff);
    const source = { name: 'scene.tif', location: path };
    const scene = await runActivity(fetchScene, { source, runKey: 'run' });
    expect(await readFile(await store.fileOf(scene.file!))).toEqual(await readFile(path));
    const located = await runActivity(locateScene, { scene, runKey: 'run' });
    expect(located.status).toBe('stated');
    const location = await store.readJson(located.location, sceneLocationSchema);
    expect(location.geotransform).toEqual([681_000, 10, 0, 5_335_560, 0, -10]);
  });

  it('report a scene that is gone, and do not retry it', async () => {
    const home = await scratchFolder();
    const store = new ArtifactStore(home);
    const settings = readSettings({ SKYLOOM_HOME: home });
    const services = { store, settings, logger: pino({ level: 'silent' }), isServerLocal: true };
    const { fetchScene, locateScene } = createGeolocalizationActivities(services);
    const source = { name: 'x.tif', location: join(home, 'x.tif') };
    const scene = await runActivity(fetchScene, { source, runKey: 'run' });
    expect(scene.file).toBeNull();
    expect((await runActivity(locateScene, { scene, runKey: 'run' })).status).toBe('unreadable');
  });

  it('read scenes of a zip archive, with what tells their places beside them', async () => {
    const home = await scratchFolder();
    const store = new ArtifactStore(home);
    const settings = readSettings({ SKYLOOM_HOME: home });
    const services = { store, settings, logger: pino({ level: 'silent' }), isServerLocal: true };
    const { listScenes, fetchScene } = createGeolocalizationActivities(services);
    const location = join(home, 'scenes.zip');
    const size = { columns: 64, rows: 48 };
    const pixels = Buffer.from(
      encodeScene(new Uint8Array(64 * 48 * 3).fill(90), { ...SAMPLE_SCENE, ...size }),
    );
    const world = Buffer.from('0.5\n0\n0\n-0.5\n500000\n5000000\n');
    await writeFile(
      location,
      zipFile([
        { name: 'a/one.tif', content: pixels, isDeflated: true },
        { name: 'a/one.tfw', content: world },
        { name: 'a/other.tfw', content: world },
        { name: 'a/notes.txt' },
        { name: 'bare', content: pixels },
        { name: 'damaged.tif', content: pixels, crc: 1 },
        { name: '.hidden/two.tif', content: pixels },
      ]),
    );
    const request = { origin: { kind: 'archive', location } } as AdmittedRequest;
    const { scenes } = await runActivity(listScenes, request);
    expect(scenes.map(({ name }) => name)).toEqual(['a/one.tif', 'bare', 'damaged.tif']);
    const fetched = [];
    for (const source of scenes) {
      fetched.push(await runActivity(fetchScene, { source, runKey: 'run' }));
    }
    expect((await store.readBytes(fetched[0]!.file!)).equals(pixels)).toBe(true);
    expect(fetched[0]!.companions).toMatchObject([{ kind: 'world-file', name: 'one.tfw' }]);
    expect((await store.readBytes(fetched[0]!.companions![0]!.file)).equals(world)).toBe(true);
    expect(fetched[1]).toMatchObject({ reason: null });
    expect(fetched[2]).toMatchObject({
      file: null,
      reason: expect.stringMatching(/checksum|packed/),
    });
    await writeFile(location, 'no archive');
    await expect(runActivity(listScenes, request)).rejects.toThrow('Cannot read archive');
    const elsewhere = { kind: 'archive', location: 'https://example.com/scenes.zip' };
    await expect(runActivity(listScenes, { origin: elsewhere } as AdmittedRequest)).rejects.toThrow(
      'must be on the storage of the workers',
    );
    closeArchives();
  });
});
