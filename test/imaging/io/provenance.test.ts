import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { StoredImage } from '../../../contracts/images.ts';
import { createTaskRegistry } from '../../../flow-tasks.ts';
import { ArtifactStore } from '../../../platform/artifact-store.ts';
import { readSettings } from '../../../platform/configuration.ts';
import { NotVerifiable, verifyArtifact } from '../../../verify-artifact.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { TaskBench } from '../support/task-bench.ts';

const never = new AbortController().signal;

describe('verifyArtifact()', () => {
  it('makes a file again, with inputs that are gone, and sees when one is not what it was', async () => {
    const settings = readSettings({ SKYLOOM_HOME: await scratchFolder() });
    const store = new ArtifactStore(settings.SKYLOOM_HOME);
    const bench = new TaskBench([...(await createTaskRegistry(settings)).tasks.values()]);
    const origin = await bench.add(await picture(), 'a.png');
    await store.addBytes('run', 'image/png', bench.bytesOf(origin));
    const small = await bench.run<StoredImage>('image.resize@1', { image: origin, width: 40 });
    const soft = await bench.run<StoredImage>('image.blur@1', { image: small });
    const found = await verifyArtifact(soft.sha256, settings, never);
    expect(found).toMatchObject({
      verdict: 'equal',
      madeBy: { task: 'image.blur@1', inputs: [small.sha256], parameters: { sigma: 2 } },
      // The smaller image was never stored.
      remade: [small.sha256],
    });
    // Another file in the place of the origin, of which nobody knows how it was made.
    const path = await store.fileOf(origin);
    await rm(path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(
      path,
      await sharp(await picture())
        .negate()
        .png()
        .toBuffer(),
    );
    await expect(verifyArtifact(small.sha256, settings, never)).rejects.toThrow(
      /input "\w+" is damaged in the storage/,
    );
  });

  it('says when nothing is known of a file', async () => {
    const settings = readSettings({ SKYLOOM_HOME: join(await scratchFolder(), 'home') });
    const sha256 = createHash('sha256').update('x').digest('hex');
    await expect(verifyArtifact(sha256, settings, never)).rejects.toThrow(NotVerifiable);
  });
});

function picture(): Promise<Buffer> {
  const values = Uint8Array.from({ length: 80 * 60 * 3 }, (_, i) => (i * i) >> 5);
  return sharp(values, { raw: { width: 80, height: 60, channels: 3 } })
    .png()
    .toBuffer();
}
