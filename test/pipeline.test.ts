import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, RawValue } from '@temporalio/common';
import type { AutomationResult } from '../contracts/automation.ts';
import { type Progress, progressQuery } from '../contracts/progress.ts';
import { searchAttributes } from '../contracts/search-attributes.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import { runFolderPath } from '../platform/run-folder.ts';
import { ensureSampleSet, type SampleSet } from '../samples/sample-set.ts';
import { startAutomation } from '../starter/automation-run.ts';
import { followAutomation } from '../starter/follow-run.ts';
import { describeWithRealData, realDataPath } from './support/real-data.ts';
import { scratchFolder } from './support/scratch-folder.ts';
import { startTestStack, type TestStack } from './support/test-stack.ts';

let samples: SampleSet;
let testStack: TestStack;

beforeAll(async () => {
  samples = await ensureSampleSet(join(await scratchFolder(), 'samples'));
  testStack = await startTestStack();
}, 120_000);

afterAll(() => testStack.stop(), 60_000);

describe('a flight', () => {
  let result: AutomationResult;
  const workflowId = 'navad/sample';
  const said: Progress[] = [];

  beforeAll(async () => {
    const { client } = testStack;
    const started = await startAutomation(client, sampleRequest(), workflowId);
    result = await followAutomation(client, started, {
      onProgress: (progress) => void said.push(progress),
    });
  }, 90_000);

  it('says how many of its images are fetched and examined while it goes on', async () => {
    const counts = said.flatMap(({ words }) => {
      const found = /^(\d+) of 40 images fetched, (\d+) examined$/.exec(words);
      return found === null ? [] : [{ fetched: Number(found[1]), examined: Number(found[2]) }];
    });
    expect(counts.length).toBeGreaterThan(0);
    counts.forEach(({ fetched, examined }, index) => {
      const before = counts[index - 1] ?? { fetched: 0, examined: 0 };
      expect(fetched).toBeGreaterThanOrEqual(before.fetched);
      expect(examined).toBeGreaterThanOrEqual(before.examined);
      expect(examined).toBeLessThanOrEqual(fetched);
      expect(fetched).toBeLessThanOrEqual(40);
    });
    const ingestion = testStack.client.workflow.getHandle(`${workflowId}-ingestion`);
    expect(await ingestion.query<Progress>(progressQuery)).toMatchObject({ done: 40, total: 40 });
  });

  it('is counted, and its three bad images are named', async () => {
    expect(result.counts).toEqual({ images: 40, usable: 37, failed: 3 });
    expect(result.verdict).toBe('review');
    const report = await readJson(result, 'result.json');
    const failed = report.failedImages.map(({ name, findings }: FailedImage) => [
      name,
      findings.map(({ code }) => code).join(),
    ]);
    expect(failed).toEqual([
      ['SKY_0013.JPG', 'IMAGE_TRUNCATED'],
      ['SKY_0022.JPG', 'BLURRED'],
      ['SKY_0031.JPG', 'DUPLICATE_CONTENT'],
    ]);
    expect(report.gsd.median).toBeGreaterThan(0.01);
    expect(report.positions).toBeGreaterThanOrEqual(39);
  });

  it('is judged by its surveyed points, and too few of them pass nothing', async () => {
    const { ground, reasons } = await readJson(result, 'result.json');
    expect(ground.points).toBe(7);
    expect(ground.rmseHorizontal).toBeLessThan(0.05);
    expect(ground.decidedBy[0].interval.upper).toBeLessThan(0.1);
    expect(reasons).toEqual(['7 distinct check points of the 30 required']);
    const report = await readJson(result, 'report.json');
    expect(report.verdict).toBe('review');
    expect(report.ground.boresight.isWorthwhile).toBe(false);
  });

  it('leaves documents for people and programs', async () => {
    expect(Object.keys(result.documents).sort()).toEqual([
      'accuracy.json',
      'footprints.geojson',
      'gcp_list.txt',
      'geo.txt',
      'images.csv',
      'manifest.json',
      'points.csv',
      'report.html',
      'report.json',
      'result.json',
      'stac-collection.json',
      'stac-items.json',
    ]);
  });

  it('leaves a page that needs no network', async () => {
    const folder = runFolderPath(testStack.home, result.runKey);
    const page = await readFile(join(folder, 'report.html'), 'utf8');
    expect(page).toContain('REVIEW'.toLowerCase());
    expect(page).not.toMatch(/(src|href)="https?:/);
  });

  it('is found by its search attributes', async () => {
    const found = [];
    const query = `ImageType="Navad" AND Stage="done" AND Verdict="review" AND ImagesFailed=3`;
    for (let tries = 0; tries < 20 && found.length === 0; tries++) {
      for await (const run of testStack.client.workflow.list({ query })) found.push(run.workflowId);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(found).toEqual([workflowId]);
  });

  it('has children under the names that clients know', async () => {
    const { client } = testStack;
    for (const child of ['ingestion', 'accuracy', 'accuracy-0001']) {
      const described = await client.workflow.getHandle(`${workflowId}-${child}`).describe();
      expect(described.status.name).toBe('COMPLETED');
      expect(described.typedSearchAttributes.get(searchAttributes.jobId)).toBe('sample');
    }
  });

  it('keeps only files that its result leads to', async () => {
    const owned = await readdir(join(testStack.home, 'owners', 'by-owner', result.runKey));
    const stored = (await readdir(join(testStack.home, 'artifacts'), { recursive: true })).filter(
      (name) => /[0-9a-f]{64}$/.test(name),
    );
    expect(stored).toHaveLength(owned.length);
    // 39 different images, 38 thumbnails and previews at most, and the documents: no page or batch of the
    // way there.
    expect(owned.length).toBeLessThan(39 + 2 * 40 + 16);
  });

  it('is joined, not doubled, when it is asked for again', async () => {
    const again = await startAutomation(testStack.client, sampleRequest(), workflowId);
    expect(again.isJoined).toBe(true);
  });

  it('gives the same digest in another run', async () => {
    const started = await startAutomation(testStack.client, sampleRequest(), 'navad/sample-again');
    const again = await followAutomation(testStack.client, started, {
      onProgress: () => undefined,
    });
    expect(again.digest).toBe(result.digest);
  }, 60_000);
});

function sampleRequest() {
  return {
    imageType: 'Navad',
    imagePath: samples.flightFolder,
    jobId: 'sample',
    heights: 'ellipsoidal',
    accuracyClass: 10,
  } as const;
}

describeWithRealData('a flight with known errors', () => {
  const run = (id: string, force: boolean): Promise<AutomationResult> =>
    testStack.client.workflow.execute('AutomationWorkflow', {
      workflowId: id,
      taskQueue: taskQueues.automation,
      args: [
        {
          imageType: 'Navad',
          imagePath: realDataPath('synthetic-flight-faulty'),
          force,
          jobId: 'faulty',
        },
      ],
    });

  it('is rejected before its accuracy is looked at', async () => {
    const result = await run('navad/faulty', false);
    expect(result.verdict).toBe('fail');
    expect(result.documents['accuracy.json']).toBeUndefined();
  }, 60_000);

  it('has its published figures to a millimeter when that is forced, and its blunder named', async () => {
    const result = await run('navad/faulty-forced', true);
    const { ground, verdict } = await readJson(result, 'report.json');
    const truth = JSON.parse(
      await readFile(realDataPath('synthetic-flight-faulty/truth.json'), 'utf8'),
    );
    const { all, with_blunder: withBlunder } = truth.expected;
    const { observations } = ground;
    expect(verdict).toBe('fail');
    for (const [found, expected] of [
      [observations.all, withBlunder],
      [observations.withoutSuspects, all],
    ]) {
      expect(found.n).toBe(expected.n);
      expect(Math.abs(found.rmseEast - expected.rmse_e)).toBeLessThan(1e-3);
      expect(Math.abs(found.rmseNorth - expected.rmse_n)).toBeLessThan(1e-3);
      expect(Math.abs(found.meanEast - expected.mean_e)).toBeLessThan(1e-3);
      expect(Math.abs(found.meanNorth - expected.mean_n)).toBeLessThan(1e-3);
    }
    expect(ground.patterns).toMatchObject([{ kind: 'pointing', point: 'GCP05' }]);
  }, 60_000);
});

describe('a scene', () => {
  it('is placed by its own georeference, asked for in the original contract', async () => {
    const result: AutomationResult = await testStack.client.workflow.execute('AutomationWorkflow', {
      workflowId: 'automation-workflow-scene',
      taskQueue: taskQueues.automation,
      args: [{ image_path: samples.scenePath, image_type: 'Satellite' }],
      memo: { description: 'kept' },
    });
    expect(result.verdict).toBe('stated');
    const report = await readJson(result, 'result.json');
    expect(report.scenes[0].crs).toBe('EPSG:32632');
    expect(report.scenes[0].gsd.column).toBeCloseTo(10, 1);
    const described = await testStack.client.workflow
      .getHandle('automation-workflow-scene')
      .describe();
    expect(described.memo).toEqual({ description: 'kept' });
    await testStack.client.workflow
      .getHandle('automation-workflow-scene-geolocalization')
      .describe();
  }, 60_000);
});

describe('a bad request', () => {
  let listPath: string;

  beforeAll(async () => {
    listPath = join(await scratchFolder(), 'empty.txt');
    await writeFile(listPath, '# nothing\n');
  });

  it.each<[string, unknown[], RegExp]>([
    [
      'an unknown type',
      [{ image_path: '/tmp', image_type: 'Drone' }],
      /"Navad" or "Satellite": found "Drone"/,
    ],
    ['no image path', [{ image_type: 'Navad' }], /imagePath is missing/],
    ['no type', [{ image_path: '/tmp' }], /imageType is missing/],
    ['a number for a path', [{ image_path: 7, image_type: 'Navad' }], /imagePath is not usable/],
    ['null', [null], /must be an object/],
    ['no input at all', [], /must be an object/],
    [
      'an encoding of another kind',
      [RawValue.fromPayload({ metadata: { encoding: Buffer.from('binary/encrypted') } })],
      /cannot be read: encoding "binary\/encrypted" is not known; send JSON/,
    ],
    ['a string', ['Navad'], /must be an object/],
    [
      'a path where nothing is',
      [{ image_path: '/no/such/place', image_type: 'Navad' }],
      /nothing is there/,
    ],
    ['a relative path', [{ image_path: 'flight', image_type: 'Navad' }], /give the whole path/],
    [
      'an address of another kind',
      [{ image_path: 'ftp://x/y', image_type: 'Navad' }],
      /this version takes/,
    ],
  ])('with %s fails at once, with a sentence', async (name, args, words) => {
    const workflowId = `bad/${name.replaceAll(' ', '-')}`;
    const startedAt = Date.now();
    const error = await testStack.client.workflow
      .execute('AutomationWorkflow', { workflowId, taskQueue: taskQueues.automation, args })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    const { cause } = error as WorkflowFailedError;
    expect(cause).toBeInstanceOf(ApplicationFailure);
    expect(cause?.message).toMatch(words);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    const described = await testStack.client.workflow.getHandle(workflowId).describe();
    expect(described.status.name).toBe('FAILED');
  });

  it('for an empty list fails and keeps nothing', async () => {
    const run = testStack.client.workflow.execute('AutomationWorkflow', {
      workflowId: 'bad/empty-list',
      taskQueue: taskQueues.automation,
      args: [{ imagePath: listPath, imageType: 'Navad' }],
    });
    const error = (await run.catch((caught: unknown) => caught)) as WorkflowFailedError;
    expect(error.cause?.message).toMatch(/holds no image/);
    const owners = await readdir(join(testStack.home, 'owners', 'by-owner'));
    expect(owners.filter((owner) => owner.startsWith('bad_empty'))).toEqual([]);
  });
});

describe('a stage that a client starts itself', () => {
  const stages = [
    ['IngestionWorkflow', taskQueues.ingestion],
    ['AccuracyWorkflow', taskQueues.accuracy],
    ['AccuracyPageWorkflow', taskQueues.accuracy],
    ['GeolocalizationWorkflow', taskQueues.geolocalization],
    ['CleanupWorkflow', taskQueues.cleanup],
    ['ExpiryWorkflow', taskQueues.cleanup],
  ] as const;
  const encrypted = RawValue.fromPayload({ metadata: { encoding: Buffer.from('x/y') } });
  const inputs = [[], [null], ['Navad'], [[]], [{}], [{ origin: 7, runKey: '..' }], [encrypted]];

  it.each(stages)(
    '%s ends at once with a sentence, whatever it is given',
    async (type, queue) => {
      for (const [index, args] of inputs.entries()) {
        const run = testStack.client.workflow.execute(type, {
          workflowId: `foreign/${type}-${index}`,
          taskQueue: queue,
          workflowRunTimeout: '10 seconds',
          args,
        });
        const error = (await run.catch((caught: unknown) => caught)) as WorkflowFailedError;
        expect(error.cause).toBeInstanceOf(ApplicationFailure);
        expect(error.cause).toMatchObject({ type: 'InvalidInput', nonRetryable: true });
        expect(error.cause?.message).toMatch(/^Cannot start as /);
      }
    },
    90_000,
  );
});

interface FailedImage {
  name: string;
  findings: { code: string }[];
}

async function readJson(result: AutomationResult, name: string) {
  const folder = runFolderPath(testStack.home, result.runKey);
  return JSON.parse(await readFile(join(folder, name), 'utf8'));
}

it('is a step of a flow where the flow asks for it', async () => {
  const definition = {
    flow: '1',
    name: 'nightly',
    version: '1.0.0',
    steps: {
      flight: {
        task: 'automation@1',
        with: { imageType: 'Navad', imagePath: { $from: 'input.folder' }, jobId: 'nightly' },
      },
    },
    output: { verdict: { $from: 'flight.verdict' }, usable: { $from: 'flight.counts.usable' } },
  };
  const result = await testStack.client.workflow.execute('FlowWorkflow', {
    workflowId: 'flow/nightly/one',
    taskQueue: taskQueues.automation,
    args: [{ definition, input: { folder: samples.flightFolder } }],
  });
  expect(result).toMatchObject({ state: 'done', output: { verdict: 'review', usable: 37 } });
  const child = testStack.client.workflow.getHandle('flow/nightly/one/flight');
  expect((await child.describe()).type).toBe('AutomationWorkflow');
}, 90_000);
