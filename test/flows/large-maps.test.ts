import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { FlowDefinition, Json } from '../../contracts/flow-definition.ts';
import type { FlowRunResult } from '../../contracts/flow-run.ts';
import { taskQueues } from '../../contracts/task-queues.ts';
import { runLocally } from '../../flows/local/run-locally.ts';
import { runCommand } from '../support/run-command.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { count, total, widen } from './support/durable-tasks.ts';

const tasksModule = fileURLToPath(new URL('./support/durable-tasks.js', import.meta.url));

let stack: TestStack;
let scratch: string;

beforeAll(async () => {
  scratch = await scratchFolder();
  stack = await startTestStack(['automation', 'imaging', 'cleanup'], {
    SKYLOOM_TASKS: tasksModule,
  });
}, 120_000);

afterAll(() => stack.stop(), 60_000);

const widened = (over: string, more: object = {}) => ({
  map: {
    over: { $from: over },
    concurrency: 100,
    do: {
      steps: {
        one: {
          task: 'test.widen@1',
          with: { value: { $from: 'item' }, log: { $from: 'input.log' }, ...more },
        },
      },
    },
  },
});

it('hands lists that are too long to travel from step to step as files, and gives what memory gives', async () => {
  const definition = flowOf({
    numbers: { task: 'test.count@1', with: { to: { $from: 'input.to' } } },
    records: widened('numbers.numbers'),
    again: {
      map: {
        over: { $from: 'records.items' },
        key: { $from: 'item.value' },
        concurrency: 100,
        do: {
          steps: {
            one: {
              task: 'test.widen@1',
              with: { value: { $from: 'item.value' }, log: { $from: 'input.log' } },
            },
          },
        },
      },
    },
    sum: { task: 'test.total@1', with: { records: { $from: 'again.items' } } },
    third: {
      task: 'test.total@1',
      with: { records: [{ $from: 'records.items[3]' }] },
      if: { eq: [{ $from: 'records.items[3].value' }, 3] },
    },
    never: {
      task: 'test.total@1',
      with: { records: [] },
      if: { exists: { $from: 'records.items[300]' } },
    },
  });
  const whole = {
    ...definition,
    output: {
      sum: { $from: 'sum' },
      third: { $from: 'third', or: null },
      count: { $from: 'again.count' },
      last: { $from: 'again.items[229].value' },
      records: { $from: 'records.items' },
    },
  };
  // 230 would fit; the list is padded so that it is stored, too.
  const input = { to: 230, log: join(scratch, 'long.log') };
  const result = await execute({ definition: whole, input }, 'long');
  const local = await runLocally(whole as unknown as FlowDefinition, input, [count, total, widen]);
  const { records, ...small } = result.output as Record<string, Json>;
  expect(records).toMatchObject({ count: 230, $stored: { mediaType: 'application/json' } });
  const document = JSON.parse(await readFile(documentPath(result), 'utf8'));
  expect(document.output).toEqual(local.output);
  expect(small).toMatchObject({ sum: 26_335, third: 3, count: 230, last: 229 });
  const states = await stack.client.workflow.getHandle('flow/test/long').query('states');
  expect(states).toMatchObject({ records: 'done', third: 'done', never: 'skipped' });
  // The list that the result names is kept when all else was given back.
  const { $stored } = records as unknown as { $stored: { sha256: string } };
  expect(JSON.parse(await readFile(pathOf($stored.sha256), 'utf8'))).toHaveLength(230);
}, 120_000);

it('ends the rest of a large map as soon as it is lost, where the flow says so', async () => {
  const log = join(scratch, 'fast.log');
  const needs = { $from: 'input.missing' };
  const records = {
    ...widened('input.values', { needs }),
    failFast: true,
    policy: { atLeast: '90%' },
  };
  const failing = stack.client.workflow.execute('FlowWorkflow', {
    workflowId: 'flow/test/fast',
    taskQueue: taskQueues.automation,
    args: [
      {
        definition: flowOf({ records: { ...records, map: { ...records.map, concurrency: 4 } } }),
        input: { values: range(600), log, missing: join(scratch, 'never') },
      },
    ],
  });
  await expect(failing).rejects.toThrow();
  const ran = (await readFile(log, 'utf8')).trim().split('\n');
  expect(ran.length).toBeGreaterThan(60);
  expect(ran.length).toBeLessThan(100);
}, 120_000);

it('is resumed item by item: what was done in a part is not done again', async () => {
  const [log, cause] = [join(scratch, 'resumed.log'), join(scratch, 'cause')];
  const definition = flowOf({
    records: widened('input.values'),
    last: {
      map: {
        over: { $from: 'input.pairs' },
        concurrency: 200,
        do: {
          steps: {
            one: {
              task: 'test.widen@1',
              with: {
                value: { $from: 'item.value' },
                log: { $from: 'input.log' },
                needs: { $from: 'item.needs' },
              },
            },
          },
        },
      },
      after: ['records'],
    },
    sum: { task: 'test.total@1', with: { records: { $from: 'last.items' } } },
  });
  const pairs = range(150).map((index) => ({
    value: 1000 + index,
    needs: index === 120 ? cause : tasksModule,
  }));
  const path = join(scratch, 'resumed.json');
  await writeFile(path, JSON.stringify(definition));
  const inputPath = join(scratch, 'input.json');
  await writeFile(inputPath, JSON.stringify({ values: range(60), pairs, log }));
  const environment = { SKYLOOM_HOME: stack.home };
  const run = ['flow', 'run', path, '--id', 'resumed', '--input', `@${inputPath}`];
  const failed = await runCommand([...run, '--tasks', tasksModule], { environment });
  expect(failed.errors).toMatch(/failed in step "last\[120\].one": .*1 of 150 members failed/);
  await writeFile(cause, 'mended');
  const resumed = await runCommand(['flow', 'resume', 'flow/test/resumed', '--json'], {
    environment,
  });
  expect(JSON.parse(resumed.output).result).toMatchObject({
    state: 'done',
    output: 150 * 1000 + (150 * 149) / 2,
  });
  const ran = (await readFile(log, 'utf8')).trim().split('\n');
  expect(ran).toHaveLength(60 + 150 + 1);
  expect(ran.filter((line) => line === '1120')).toHaveLength(2);
}, 120_000);

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

function flowOf(steps: Record<string, unknown>): Record<string, unknown> {
  return { flow: '1', name: 'test', version: '1.0.0', limits: { maxItems: 1000 }, steps };
}

function execute(request: object, id: string): Promise<FlowRunResult> {
  return stack.client.workflow.execute('FlowWorkflow', {
    workflowId: `flow/test/${id}`,
    taskQueue: taskQueues.automation,
    args: [request],
  });
}

function documentPath({ document }: FlowRunResult): string {
  return pathOf(document.sha256);
}

function pathOf(sha256: string): string {
  return join(stack.home, 'artifacts', sha256.slice(0, 2), sha256);
}
