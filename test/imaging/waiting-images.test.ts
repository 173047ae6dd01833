import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { StoredImage } from '../../contracts/images.ts';
import { pixelTasks } from '../../imaging/tasks/pixels.ts';
import { readSettings } from '../../platform/configuration.ts';
import { memoryBudget } from '../../platform/memory-budget.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { until } from '../support/until.ts';
import { TaskBench } from './support/task-bench.ts';

describe('an image that waits for memory', () => {
  it('is there when its turn comes, though the copy that was looked at made room for others', async () => {
    const settings = readSettings({ SKYLOOM_HOME: await scratchFolder() });
    const bench = new TaskBench(pixelTasks(settings));
    const image = await bench.add(
      await sharp({ create: { width: 300, height: 200, channels: 3, background: 'red' } })
        .jpeg()
        .toBuffer(),
      'red.jpg',
    );
    const budget = memoryBudget(settings);
    const { signal } = new AbortController();
    let release = () => {};
    const others = new Promise<void>((resolve) => (release = resolve));
    const held = budget.run(
      budget.limitBytes,
      'others',
      new AbortController().signal,
      () => others,
    );
    const resized = bench.run<StoredImage>('image.resize@1', { image, width: 30 }, signal);
    // Whoever stands in line listens for the end of its run.
    await until('it in line', async () => getEventListeners(signal, 'abort').length > 0);
    expect(await bench.evict(image)).toBe(true);
    release();
    expect(await resized).toMatchObject({ width: 30, height: 20 });
    await held;
  });
});
