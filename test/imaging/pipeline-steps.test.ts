import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Client, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { AutomationResult } from '../../contracts/automation.ts';
import type { FlowDefinition, Json } from '../../contracts/flow-definition.ts';
import { ensureSampleSet, type SampleSet } from '../../samples/sample-set.ts';
import { writeScenePair } from '../support/scene-pair.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';

/** A flight is examined and a scene is located side by side; what both say meets in one step. */
const definition: FlowDefinition = {
  flow: '1',
  name: 'pipelines',
  version: '1.0.0',
  input: {
    type: 'object',
    properties: { flight: { type: 'string' }, scene: { type: 'string' }, map: { type: 'string' } },
    required: ['flight', 'scene', 'map'],
  },
  steps: {
    check: {
      task: 'check@1',
      with: { imagePath: { $from: 'input.flight' }, jobId: 'checked', accuracyClass: 10 },
    },
    locate: {
      task: 'locate@1',
      with: {
        imagePath: { $from: 'input.scene' },
        reference: { $from: 'input.map' },
        jobId: 'located',
      },
    },
    again: {
      task: 'automation@1',
      if: { eq: [{ $from: 'check.verdict' }, 'review'] },
      with: {
        imagePath: { $from: 'input.flight' },
        imageType: 'Navad',
        checkOnly: true,
        jobId: 'checked',
        accuracyClass: 10,
      },
    },
  },
  output: {
    check: { $from: 'check' },
    locate: { $from: 'locate' },
    again: { $from: 'again', or: null },
  },
};

interface Output {
  check: AutomationResult;
  locate: AutomationResult;
  again: AutomationResult | null;
}

let stack: TestStack;
let samples: SampleSet;
let pair: { scenePath: string; referencePath: string };

beforeAll(async () => {
  samples = await ensureSampleSet(join(await scratchFolder(), 'samples'));
  pair = await writeScenePair(await scratchFolder());
  stack = await startTestStack();
}, 120_000);

describe('pipelines as steps of a flow', () => {
  let output: Output;
  const workflowId = 'flow/pipelines/both';

  beforeAll(async () => {
    const input = {
      flight: samples.flightFolder,
      scene: pair.scenePath,
      map: pair.referencePath,
    };
    output = await run(stack.client, workflowId, definition, input);
  }, 180_000);

  it('examine a flight and assess nothing: check@1', () => {
    const { imageType, verdict, counts, documents } = output.check;
    expect({ imageType, verdict, counts }).toEqual({
      imageType: 'Navad',
      verdict: 'review',
      counts: { images: 40, usable: 37, failed: 3 },
    });
    expect(Object.keys(documents)).toContain('manifest.json');
    expect(Object.keys(documents)).not.toContain('accuracy.json');
  });

  it('say where a scene lies: locate@1', () => {
    const { imageType, verdict, documents } = output.locate;
    expect({ imageType, verdict }).toEqual({ imageType: 'Satellite', verdict: 'located' });
    expect(Object.keys(documents)).toEqual(expect.arrayContaining(['result.json', 'report.html']));
  });

  it('hand their results to conditions and other steps: automation@1', () => {
    // The same request by its general name gives the same document.
    expect(output.again?.digest).toBe(output.check.digest);
  });

  it('are runs of their own below the flow', async () => {
    for (const step of ['check', 'locate', 'again']) {
      const described = await stack.client.workflow.getHandle(`${workflowId}/${step}`).describe();
      expect([step, described.status.name]).toEqual([step, 'COMPLETED']);
      expect(described.parentExecution?.workflowId).toBe(workflowId);
    }
  });

  it('fail the flow with their own words when there is nothing to work on', async () => {
    const input = { flight: join(samples.flightFolder, 'nowhere'), scene: 'x', map: 'y' };
    const { check } = definition.steps;
    const only = { ...definition, steps: { check: check! }, output: { $from: 'check' } };
    const failing = run(stack.client, 'flow/pipelines/nothing', only, input);
    const error: unknown = await failing.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    const { cause } = error as WorkflowFailedError;
    expect(cause).toBeInstanceOf(ApplicationFailure);
    expect(cause?.message).toMatch(/nowhere/);
  }, 60_000);
});

async function run(
  client: Client,
  workflowId: string,
  flow: FlowDefinition,
  input: Json,
): Promise<Output> {
  const result = await client.workflow.execute('FlowWorkflow', {
    workflowId,
    taskQueue: 'automation-pipeline-queue',
    args: [{ definition: flow, input }],
  });
  return (result as { output: Output }).output;
}
