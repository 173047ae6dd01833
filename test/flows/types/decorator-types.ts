import { z } from 'zod';
import type { Collection } from '../../../contracts/flow-results.ts';
import { FlowClass, task } from '../../../flows/build/flow-class.ts';
import { atLeast } from '../../../flows/build/policies.ts';
import type { TaskContext } from '../../../flows/build/task-context.ts';
import { toActivities, toFlow } from '../../../flows/build/to-flow.ts';
import type { Image } from './tasks.ts';

/** As `builder-types.ts`, for the decorators. */

const input = z.object({ urls: z.array(z.string()) });

class RemoveBackgrounds extends FlowClass<{ urls: string[] }> {
  store: string;
  constructor(store: string) {
    super();
    this.store = store;
  }

  @task({ each: 'input.urls', concurrency: 4, queue: 'io' })
  async fetch(i: { item: string }, ctx: TaskContext): Promise<Image> {
    ctx.heartbeat(1, 1);
    return { key: i.item + this.store, sha256: '', bytes: 0 };
  }

  @task({ each: 'fetch[]', concurrency: 8, policy: atLeast('90%'), cache: true })
  async cut(i: { item: Image }): Promise<Image> {
    return i.item;
  }

  @task({ collect: { raw: 'fetch' }, after: ['cut'], on: 'always' })
  async cleanup(i: { raw: Collection<Image> }): Promise<{ removed: number }> {
    return { removed: i.raw.count };
  }
}

export const flow = toFlow(RemoveBackgrounds, {
  name: 'remove-backgrounds',
  version: '1.0.0',
  input,
});
export const activities = toActivities(new RemoveBackgrounds('store'));

class Download extends FlowClass<{ urls: string[] }> {
  @task({ from: { urls: 'input.urls' }, queue: 'io' })
  async download(i: { urls: string[] }, ctx: TaskContext) {
    return { images: [] as Image[], first: i.urls[0] ?? ctx.step };
  }

  @task({ from: { images: 'download.images' }, queue: 'cpu' })
  async cutout(i: { images: Image[] }) {
    return { images: i.images };
  }

  @task({ after: ['cutout'], from: { raw: 'download.images' }, on: 'always' })
  async cleanup(i: { raw: Image[] }) {
    return { removed: i.raw.length };
  }
}

export class WrongNames extends Download {
  // @ts-expect-error no step "downlod"
  @task({ from: { images: 'downlod.images' } })
  async a(i: { images: Image[] }) {
    return i;
  }

  // @ts-expect-error no field "frist", though any text would fit
  @task({ from: { name: 'download.frist' } })
  async b(i: { name: string }) {
    return i;
  }

  // @ts-expect-error nothing named "nope" to wait for
  @task({ after: ['nope'] })
  async c() {
    return 1;
  }

  // @ts-expect-error nothing named "cutt" to collect
  @task({ collect: { cuts: 'cutt' } })
  async d(i: { cuts: Collection<Image> }) {
    return i;
  }

  // @ts-expect-error no field "imges" to map over
  @task({ each: 'download.imges' })
  async e(i: { item: Image }) {
    return i;
  }
}

export class WrongTypes extends Download {
  // @ts-expect-error images is not number
  @task({ from: { n: 'download.images' } })
  async a(i: { n: number }) {
    return i;
  }

  // @ts-expect-error item is an Image, not a string
  @task({ each: 'download.images' })
  async b(i: { item: string }) {
    return i;
  }

  // @ts-expect-error a collection of images, not of texts
  @task({ collect: { cuts: 'one' } })
  async c(i: { cuts: Collection<string> }) {
    return i;
  }

  @task({ each: 'download.images' })
  async one(i: { item: Image }) {
    return i.item;
  }
}

// @ts-expect-error the schema does not give what the class takes
toFlow(Download, { name: 'many', version: '1.0.0', input: z.object({ urls: z.string() }) });
