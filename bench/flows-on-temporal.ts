import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { z } from 'zod';
import { taskQueues } from '../contracts/task-queues.ts';
import { defineTask, type Task } from '../flows/build/task.ts';
import { createFlowActivities, createPageActivities } from '../flows/activities.ts';
import { TaskRegistry } from '../flows/io/task-registry.ts';
import { ArtifactStore } from '../platform/artifact-store.ts';
import { readSettings } from '../platform/configuration.ts';
import { withClient } from '../starter/find-server.ts';
import { startStack } from '../starter/stack.ts';
import { medianSecondsOfBoth } from './median.ts';

/**
 * What the interpreter costs on a server, against workflows written by hand for the same activities, in
 * the same worker and on the same server: `npm run bench -- flows-on-temporal [items] [links] [runs]`.
 */
const [items = 1000, links = 200, runs = 5] = process.argv.slice(2).map(Number);
const CONCURRENCY = 100;

const nothing = defineTask({
  name: 'bench.nothing@1',
  input: z.object({ value: z.number() }),
  output: z.number(),
  run: ({ value }) => value,
}) as Task;

const head = { flow: '1', version: '1.0.0', limits: { maxItems: items } };
const one = { task: nothing.facts.name, with: { value: { $from: 'item' } } };
const map = {
  ...head,
  name: 'map',
  steps: {
    all: {
      map: { over: { $from: 'input.values' }, concurrency: CONCURRENCY, do: { steps: { one } } },
    },
  },
  output: { $from: 'all.ok' },
};
const chain = {
  ...head,
  name: 'chain',
  steps: Object.fromEntries(
    Array.from({ length: links }, (_, place) => [
      `s${place}`,
      {
        task: nothing.facts.name,
        with: { value: place === 0 ? 0 : { $from: `s${place - 1}` } },
      },
    ]),
  ),
};
const values = Array.from({ length: items }, (_, place) => place);

const home = await mkdtemp(join(tmpdir(), 'skyloom-bench-'));
const settings = readSettings({ ...process.env, SKYLOOM_HOME: home });
const stack = await startStack({
  settings,
  port: 0,
  uiPort: 0,
  kinds: ['cleanup'],
  remark: () => undefined,
});
try {
  const connection = await NativeConnection.connect(stack.access.connectionOptions);
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./hand-written-workflows.js', import.meta.url)),
    payloadConverterPath: fileURLToPath(
      new URL('../durable/payload-converter.js', import.meta.url),
    ),
    logger: new DefaultLogger('WARN'),
  });
  const services = {
    settings,
    store: new ArtifactStore(home),
    logger: pino({ level: 'silent' }),
    isServerLocal: true,
  };
  const workflowWorker = await Worker.create({
    connection,
    taskQueue: taskQueues.automation,
    workflowBundle: { code },
    activities: createPageActivities(services),
  });
  const activityWorker = await Worker.create({
    connection,
    taskQueue: taskQueues.imaging,
    activities: createFlowActivities(services, new TaskRegistry([nothing])),
  });
  const serving = Promise.all([workflowWorker.run(), activityWorker.run()]);
  await withClient(stack.access, async (client) => {
    let runNumber = 0;
    const execute = (workflow: string, args: unknown[]) =>
      client.workflow.execute(workflow, {
        workflowId: `bench/${runNumber++}`,
        taskQueue: taskQueues.automation,
        args,
      });
    const compare = async (words: string, byHand: [string, unknown[]], definition: object) => {
      const [hand, flow] = await medianSecondsOfBoth(
        runs,
        () => execute(...byHand),
        () => execute('FlowWorkflow', [{ definition, input: { values } }]),
      );
      console.log(
        `${words.padEnd(28)} by hand ${hand.toFixed(2)} s   as a flow ${flow.toFixed(2)} s   rate of the flow ${(hand / flow).toFixed(2)} of that by hand`,
      );
    };
    await compare(`map of ${items} items`, ['MapByHand', [values, CONCURRENCY]], map);
    await compare(`chain of ${links} steps`, ['ChainByHand', [links]], chain);
  });
  workflowWorker.shutdown();
  activityWorker.shutdown();
  await serving;
  await connection.close();
} finally {
  await stack.stop();
  await rm(home, { recursive: true, force: true });
}
