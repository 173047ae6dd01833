import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { sceneLocationSchema } from '../../contracts/geolocalization.ts';
import { createGeolocalizationActivities } from '../../geolocalization/activities.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
import { readSettings } from '../../platform/configuration.ts';
import { SAMPLE_SCENE } from '../../samples/scene.ts';
import { encodeScene } from '../../samples/scene-file.ts';
import { runActivity } from '../support/run-activity.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

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
});
