import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Collection } from '../../../contracts/flow-results.ts';
import { FlowClass, task } from '../../../flows/build/flow-class.ts';
import { atLeast } from '../../../flows/build/policies.ts';
import type { TaskContext } from '../../../flows/build/task-context.ts';
import { toActivities, toFlow } from '../../../flows/build/to-flow.ts';
import { runLocally } from '../../../flows/local/run-locally.ts';

const input = z.object({ urls: z.array(z.string()).max(9) });

class Thumbnails extends FlowClass<{ urls: string[] }> {
  readonly prefix: string;

  constructor(prefix: string) {
    super();
    this.prefix = prefix;
  }

  @task({ each: 'input.urls', concurrency: 4, queue: 'io' })
  async fetch(i: { item: string }, ctx: TaskContext): Promise<{ key: string; step: string }> {
    return { key: this.prefix + i.item, step: ctx.step };
  }

  @task({ each: 'fetch[]', policy: atLeast('50%') })
  async cut(i: { item: { key: string } }): Promise<string> {
    if (i.item.key.endsWith('bad')) throw new TypeError('Cannot cut a bad one');
    return i.item.key;
  }

  @task({ collect: { raw: 'cut' }, on: 'always', title: 'Counts' })
  async count(i: { raw: Collection<string> }): Promise<{ ok: number; failed: number }> {
    return { ok: i.raw.ok, failed: i.raw.failed };
  }
}

describe('a flow as a class', () => {
  const flow = toFlow(Thumbnails, { name: 'thumbnails', version: '2.1.0', input });
  const activities = toActivities(new Thumbnails('store/'));

  it('becomes a definition', () => {
    expect(flow.definition.steps).toEqual({
      fetch: {
        map: {
          over: { $from: 'input.urls' },
          concurrency: 4,
          do: {
            steps: {
              do: { task: 'thumbnails.fetch@2', with: { item: { $from: 'item' } }, queue: 'io' },
            },
          },
        },
      },
      cut: {
        map: {
          over: { $from: 'fetch.items' },
          do: { steps: { do: { task: 'thumbnails.cut@2', with: { item: { $from: 'item' } } } } },
        },
        policy: { atLeast: '50%' },
      },
      count: {
        task: 'thumbnails.count@2',
        title: 'Counts',
        on: 'always',
        with: {
          raw: { $from: 'cut', or: { count: 0, ok: 0, failed: 0, items: [], failures: [] } },
        },
      },
    });
  });

  it('runs with the methods of an instance', async () => {
    const tasks = Object.values(activities).map((one) => ({
      ...one,
      facts: { ...one.facts, retry: { attempts: 1 } },
    }));
    const result = await runLocally(flow, { urls: ['a', 'bad'] }, tasks);
    expect(result).toMatchObject({ state: 'done', output: { ok: 1, failed: 1 } });
  });

  it('names its tasks after itself and its major version', () => {
    expect(Object.keys(activities)).toEqual([
      'thumbnails.fetch@2',
      'thumbnails.cut@2',
      'thumbnails.count@2',
    ]);
  });

  it('passes its steps on to subclasses, which may replace them', () => {
    class Bigger extends Thumbnails {
      override async count(i: { raw: Collection<string> }) {
        return { ok: i.raw.ok * 10, failed: 0 };
      }

      @task({ from: { counted: 'count.ok' }, or: { counted: 0 } })
      async report(i: { counted: number }) {
        return i.counted;
      }
    }
    const bigger = toFlow(Bigger, { name: 'bigger', version: '1.0.0', input });
    expect(Object.keys(bigger.definition.steps).toSorted()).toEqual([
      'count',
      'cut',
      'fetch',
      'report',
    ]);
    expect(bigger.definition.steps['report']).toEqual({
      task: 'bigger.report@1',
      with: { counted: { $from: 'count.ok', or: 0 } },
    });
  });
});

describe('toFlow()', () => {
  it('refuses the list of results of a method that has one', () => {
    class Wrong extends FlowClass<{ urls: string[] }> {
      @task({ from: { all: 'input.urls' } })
      async one(i: { all: string[] }) {
        return i.all.length;
      }

      @task({ from: { all: 'one[]' } })
      async two(i: { all: number[] }) {
        return i.all;
      }
    }
    expect(() => toFlow(Wrong, { name: 'wrong', version: '1.0.0', input })).toThrow(
      'Cannot read "one[]" as "one" is not mapped: it has one result',
    );
  });

  it('refuses the one result of a method that is mapped', () => {
    class Wrong extends FlowClass<{ urls: string[] }> {
      @task({ each: 'input.urls' })
      async one(i: { item: string }) {
        return i.item;
      }

      @task({ from: { text: 'one' } })
      async two(i: { text: string }) {
        return i.text;
      }
    }
    expect(() => toFlow(Wrong, { name: 'wrong', version: '1.0.0', input })).toThrow(
      'Cannot read "one" in "two" as "one" is mapped: write "one[]", or collect it',
    );
  });
});
