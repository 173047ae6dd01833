import { FlowClass, task } from '../../../flows/build/flow-class.ts';
import type { OutputOf } from '../../../flows/build/task.ts';
import { atLeast } from '../../../flows/build/policies.ts';
import { toFlow } from '../../../flows/build/to-flow.ts';
import { contactSheet, cutout, fetchImage, type Image, remove } from '../tasks.ts';
import { head } from './head.ts';

type Cut = OutputOf<typeof cutout>;

/** The example as a class. Its methods stand for tasks that exist already and are never run. */
class RemoveBackgrounds extends FlowClass<{ urls: string[] }> {
  @task({
    task: fetchImage,
    each: 'input.urls',
    from: { url: 'item' },
    concurrency: 4,
    queue: 'io',
  })
  async downloads(i: { url: string }): Promise<Image> {
    return elsewhere(i);
  }

  @task({
    task: cutout,
    each: 'downloads[]',
    from: { image: 'item' },
    key: 'sha256',
    concurrency: 8,
    policy: atLeast('90%'),
    queue: 'cpu',
    cache: true,
  })
  async cutouts(i: { image: Image }): Promise<Cut> {
    return elsewhere(i);
  }

  @task({ task: contactSheet, from: { images: 'cutouts[]' } })
  async sheet(i: { images: Cut[] }): Promise<Image> {
    return elsewhere(i);
  }

  @task({ task: remove, from: { images: 'downloads[]' }, after: ['sheet'], on: 'always' })
  async cleanup(i: { images: Image[] }): Promise<{ removed: number }> {
    return elsewhere(i);
  }
}

function elsewhere(_input: unknown): never {
  throw new Error('Cannot run this method: its task has the code');
}

export const flow = toFlow(RemoveBackgrounds, {
  name: 'remove-backgrounds',
  ...head,
  output: { images: 'cutouts[]', failed: 'cutouts.failed', sheet: 'sheet' },
});
