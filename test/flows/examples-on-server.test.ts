import { beforeAll, describe, expect, it } from '@jest/globals';
import { NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import type { FlowDefinition, Json } from '../../contracts/flow-definition.ts';
import { answerUpdate, flowQueries, type WaitingStep } from '../../contracts/flow-run.ts';
import { searchAttributes } from '../../contracts/search-attributes.ts';
import { taskQueues } from '../../contracts/task-queues.ts';
import { createFlowActivities } from '../../flows/activities.ts';
import { TaskRegistry } from '../../flows/io/task-registry.ts';
import { runLocally } from '../../flows/local/run-locally.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
import { readSettings } from '../../platform/configuration.ts';
import { sampleTasks } from '../../samples/flows/tasks.ts';
import { beforeScratchIsRemoved } from '../support/scratch-folder.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { until } from '../support/until.ts';
import { instantClock } from './support/probe.ts';
import { sampleNames } from './support/samples.ts';

interface Sample {
  readonly flow: { readonly definition: FlowDefinition };
  readonly input: Json;
}

const answer = { approved: true, by: 'ann', form: { stars: 5 } };

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack(['automation', 'cleanup']);
  const connection = await NativeConnection.connect(stack.stack.access.connectionOptions);
  const services = {
    settings: readSettings({ SKYLOOM_HOME: stack.home }),
    store: new ArtifactStore(stack.home),
    logger: pino({ level: 'silent' }),
    isServerLocal: true,
  };
  const worker = await Worker.create({
    connection,
    taskQueue: taskQueues.imaging,
    activities: createFlowActivities(services, new TaskRegistry(sampleTasks)),
  });
  const running = worker.run();
  beforeScratchIsRemoved(async () => {
    worker.shutdown();
    await running;
    await connection.close();
  });
}, 60_000);

describe.each(sampleNames)('the example %s', (name) => {
  it('gives on a server what it gives in memory', async () => {
    const { flow, input }: Sample = await import(`../../samples/flows/${name}/builder.js`);
    const local = await runLocally(flow, input, sampleTasks, {
      clock: instantClock(),
      approve: () => Promise.resolve(answer),
    });
    const handle = await stack.client.workflow.start('FlowWorkflow', {
      workflowId: `flow/${name}/example`,
      taskQueue: taskQueues.automation,
      args: [{ definition: flow.definition, input }],
    });
    if (name === 'approval') await approve(handle.workflowId);
    const { output, state } = (await handle.result()) as { output: Json; state: string };
    expect(state).toBe('done');
    expect(output).toEqual(local.output ?? null);
    expect(await handle.query(flowQueries.states)).toEqual(local.states);
  }, 60_000);
});

it('sets the search attributes that a flow asks for', async () => {
  const described = await stack.client.workflow.getHandle('flow/approval/example').describe();
  const attributes = described.typedSearchAttributes;
  expect(attributes.get(searchAttributes.flowName)).toBe('approval');
  expect(['Navad', 'navad', 'satellite']).toContain(attributes.get(searchAttributes.imageType));
  expect(attributes.get(searchAttributes.stage)).toBe('done');
});

async function approve(workflowId: string): Promise<void> {
  const handle = stack.client.workflow.getHandle(workflowId);
  const [waiting] = await until('a question', async () => {
    const found = await handle.query<WaitingStep[]>(flowQueries.waiting);
    return found.length > 0 && found;
  });
  const { step, roles } = waiting!;
  const role = roles[0];
  await handle.executeUpdate(answerUpdate, {
    args: [{ ...answer, step, ...(role === undefined ? {} : { role }) }],
  });
}
