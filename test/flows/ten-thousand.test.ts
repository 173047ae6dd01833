import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from '@jest/globals';
import type { FlowRunResult } from '../../contracts/flow-run.ts';
import { taskQueues } from '../../contracts/task-queues.ts';
import { itAtLength } from '../support/long-tests.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { until } from '../support/until.ts';

const tasksModule = fileURLToPath(new URL('./support/durable-tasks.js', import.meta.url));
const ITEMS = 10_000;
const CONCURRENCY = 100;

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack(['automation', 'imaging', 'cleanup'], {
    SKYLOOM_TASKS: tasksModule,
  });
}, 120_000);

afterAll(() => stack.stop(), 60_000);

itAtLength(
  'a map of ten thousand items keeps their order and a short history, though a worker is killed half-way',
  async () => {
    const log = join(await scratchFolder(), 'ran.log');
    const values = Array.from({ length: ITEMS }, (_, index) => index);
    const definition = {
      flow: '1',
      name: 'test',
      version: '1.0.0',
      limits: { maxItems: ITEMS },
      steps: {
        all: {
          map: {
            over: { $from: 'input.values' },
            concurrency: CONCURRENCY,
            do: {
              steps: {
                one: {
                  task: 'test.widen@1',
                  with: { value: { $from: 'item' }, log: { $from: 'input.log' } },
                },
              },
            },
          },
        },
      },
      output: { $from: 'all.items' },
    };
    const handle = await stack.client.workflow.start('FlowWorkflow', {
      workflowId: 'flow/test/ten-thousand',
      taskQueue: taskQueues.automation,
      args: [{ definition, input: { values, log } }],
    });
    const ran = async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').length - 1;
    await until('half of the items', async () => (await ran()) > ITEMS / 2, 600_000);
    process.kill(stack.stack.workers.get('imaging')!.pid!, 'SIGKILL');
    const result = (await handle.result()) as FlowRunResult;
    expect((await handle.describe()).historyLength).toBeLessThan(1_000);
    const document = JSON.parse(await readFile(pathOf(result.document.sha256), 'utf8'));
    expect(document.output.map(({ value }: { value: number }) => value)).toEqual(values);
    // Only what was under way when the worker died ran twice.
    const times = await ran();
    expect(times).toBeGreaterThanOrEqual(ITEMS);
    expect(times).toBeLessThanOrEqual(ITEMS + CONCURRENCY);
  },
  1_200_000,
);

function pathOf(sha256: string): string {
  return join(stack.home, 'artifacts', sha256.slice(0, 2), sha256);
}
