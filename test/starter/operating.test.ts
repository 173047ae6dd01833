import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureSampleSet, type SampleSet } from '../../samples/sample-set.ts';
import { runCommand, type CommandOptions } from '../support/run-command.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';

let samples: SampleSet;
let stack: TestStack;

beforeAll(async () => {
  samples = await ensureSampleSet(join(await scratchFolder(), 'samples'));
  stack = await startTestStack(undefined, { SKYLOOM_TELEMETRY_ADDRESS: '127.0.0.1:0' });
}, 120_000);

afterAll(() => stack.stop(), 60_000);

describe('a run on the command line', () => {
  it('waits, prints the verdict, and is found again in every way', async () => {
    const run = await skyloom([
      'run',
      'navad',
      samples.flightFolder,
      '--job-id',
      'f7',
      '--tenant',
      'south',
    ]);
    expect(run.output).toMatch(/Flight f7: .*REVIEW/);
    expect(run.code).toBe(0);

    const status = await answerOf(['status', 'navad/f7']);
    expect(status).toMatchObject({
      status: 'COMPLETED',
      stage: 'done',
      verdict: 'review',
      failed: 3,
    });
    const { runs } = await answerOf(['list', '--query', 'Tenant="south" AND ImagesFailed > 0']);
    expect(runs).toMatchObject([{ workflowId: 'navad/f7', jobId: 'f7', images: 40, failed: 3 }]);
    const { failedImages } = await answerOf(['result', 'navad/f7', '--failed']);
    expect(failedImages.map(({ name }: { name: string }) => name)).toEqual([
      'SKY_0013.JPG',
      'SKY_0022.JPG',
      'SKY_0031.JPG',
    ]);
    const watched = await answerOf(['watch', 'navad/f7']);
    expect(watched.runs).toMatchObject([{ workflowId: 'navad/f7', result: { verdict: 'review' } }]);
  }, 90_000);

  it('of the same id is joined, and answered from the first', async () => {
    const again = await skyloom([
      'run',
      'navad',
      samples.flightFolder,
      '--job-id',
      'f7',
      '--tenant',
      'south',
      '--json',
    ]);
    expect(JSON.parse(again.output)).toMatchObject({
      isJoined: true,
      result: { verdict: 'review' },
    });
  });

  it('of the same id for other images is refused', async () => {
    const other = await skyloom(['run', 'navad', '/tmp', '--job-id', 'f7']);
    expect(other.errors).toMatch(/Cannot start run "navad\/f7" as there is one of that id for/);
    expect(other.code).toBe(2);
  });

  it('of the same id for another tenant is refused', async () => {
    const run = ['run', 'navad', samples.flightFolder, '--job-id', 'f7', '--tenant', 'north'];
    const other = await skyloom(run);
    expect(other.errors).toMatch(/there is one of that id with another tenant/);
    expect(other.code).toBe(2);
  });

  it('takes its request from a file, and flags win', async () => {
    const path = join(await scratchFolder(), 'request.json');
    const request = { image_path: samples.scenePath, image_type: 'SATELLITE', job_id: 'in-file' };
    await writeFile(path, JSON.stringify({ ...request, control: 'points.csv' }));
    const run = await answerOf(['run', '--request', path, '--job-id', 'by-flag']);
    expect(run).toMatchObject({
      workflowId: 'satellite/by-flag',
      result: { jobId: 'by-flag', verdict: 'stated', notEvaluated: ['control'] },
    });
  }, 60_000);

  it('that fails says why, and ends with 1', async () => {
    const empty = await mkdtemp(join(await scratchFolder(), 'empty-'));
    const run = await skyloom(['run', 'navad', empty, '--id', 'navad/empty']);
    expect(run.errors).toMatch(/no image/);
    expect(run.code).toBe(1);
  }, 60_000);

  it('is cancelled, and cannot be twice', async () => {
    // The processor is kept from working, so that the run cannot end before it is cancelled.
    await stack.stack.workers.get('processor')!.stop();
    const id = 'navad/to-cancel';
    const begun = await answerOf(['run', 'navad', samples.flightFolder, '--id', id, '--no-wait']);
    expect(begun).toMatchObject({ workflowId: id, isJoined: false });
    const cancelled = await answerOf(['cancel', id]);
    expect(cancelled).toMatchObject({ status: 'CANCELLED' });
    const again = await skyloom(['cancel', id]);
    expect(again.errors).toMatch(/Cannot cancel run "navad\/to-cancel" as it has ended: CANCELLED/);
    expect(again.code).toBe(1);
  }, 60_000);
});

describe('skyloom check', () => {
  it('says the same with a server and without, and assesses nothing', async () => {
    await stack.stack.workers.get('processor')!.restart();
    const page = join(await scratchFolder(), 'page.html');
    const checked = await answerOf(['check', samples.flightFolder, '--page', page]);
    expect(checked.verdict).toBe('accepted_with_warnings');
    expect(checked.counts).toEqual({ images: 40, usable: 37, failed: 3 });
    expect(await readFile(page, 'utf8')).toContain('only checked: accuracy was not assessed');
    const local = await skyloom(['check', samples.flightFolder, '--local', '--json']);
    expect(JSON.parse(local.output)).toEqual(checked);
    expect(local.code).toBe(0);
  }, 90_000);

  it('prints nothing but the manifest of a rejected flight as JSON, wherever it was checked', async () => {
    const folder = await folderOfOneFault();
    const command = ['check', folder, '--job-id', 'few', '--json'];
    const [local, onServer] = await Promise.all([
      skyloom([...command, '--local']),
      skyloom(command),
    ]);
    expect([local.code, onServer.code]).toEqual([3, 3]);
    expect(local.output).toBe(onServer.output);
    expect(JSON.parse(local.output)).toMatchObject({
      verdict: 'rejected',
      findings: [{ code: 'TOO_FEW_IMAGES' }, { code: 'TOO_MANY_ERRORS' }],
      images: [{ name: 'A.JPG', findings: [{ code: 'NOT_AN_IMAGE', severity: 'error' }] }],
      settings: { values: { heights: 'msl' }, from: { heights: 'file' } },
    });
  }, 60_000);

  it('rejects a flight of too few images with 3, and names each finding', async () => {
    const folder = await folderOfOneFault();
    const page = join(folder, 'page.html');
    const command = ['check', folder, '--local', '--job-id', 'few', '--page', page];
    const { code, output } = await skyloom(command);
    expect(await readFile(page, 'utf8')).toContain('<td>NOT_AN_IMAGE</td>');
    expect(output).toMatch(/error +A\.JPG +NOT_AN_IMAGE +Cannot use file "A\.JPG"/);
    expect(output).toContain('Stated in flight.json: heights = msl');
    expect(output).toMatch(/Flight few: rejected, 0 of 1 images are usable/);
    expect(code).toBe(3);
  });

  it('leaves nothing behind when it works here', async () => {
    const owners = await readdir(join(stack.home, 'owners', 'by-owner'));
    expect(owners.filter((owner) => owner.startsWith('check-'))).toEqual([]);
  });
});

async function folderOfOneFault(): Promise<string> {
  const folder = await scratchFolder();
  await writeFile(join(folder, 'A.JPG'), 'no image');
  await writeFile(join(folder, 'flight.json'), '{"heights":"msl"}');
  return folder;
}

describe('what is not there', () => {
  it('is named for a run', async () => {
    for (const command of ['status', 'result', 'cancel', 'watch']) {
      const { code, errors } = await skyloom([command, 'nope']);
      expect(errors).toMatch(/Cannot find run "nope" in namespace "default"/);
      expect(code).toBe(2);
    }
  }, 60_000);

  it('is named for a query', async () => {
    const { code, errors } = await skyloom(['list', '--query', 'Bogus = 1']);
    expect(errors).toMatch(/the query is not understood: .*Bogus/);
    expect(code).toBe(2);
  });

  it('is said when nobody serves a queue, and the start does not wait in silence', async () => {
    const bare = await startTestStack([]);
    try {
      const environment = { SKYLOOM_HOME: bare.home };
      const startedAt = Date.now();
      const run = await runCommand(['run', 'navad', samples.flightFolder], {
        environment,
        until: /No worker serves/,
      });
      expect(run.errors).toMatch(
        /No worker serves automation-pipeline-queue, ingestion-task-queue, .*skyloom worker automation ingestion/,
      );
      expect(Date.now() - startedAt).toBeLessThan(20_000);
      const doctor = await runCommand(['doctor', '--json'], { environment });
      const { isHealthy, checks } = JSON.parse(doctor.output);
      expect(isHealthy).toBe(false);
      expect(doctor.code).toBe(1);
      expect(checks).toContainEqual({
        name: 'worker processor',
        state: 'fault',
        words: 'nobody serves processor-task-queue',
        remedy: 'Start one by "skyloom worker processor", or all by "skyloom up"',
      });
    } finally {
      await bare.stop();
    }
  }, 60_000);
});

describe('a namespace that is not there', () => {
  it('is named with what to do, whatever is asked', async () => {
    const environment = { TEMPORAL_NAMESPACE: 'nowhere' };
    for (const command of [['list'], ['cleanup'], ['worker', 'all'], ['status', 'x']]) {
      const { code, errors } = await skyloom(command, { environment });
      expect(errors).toMatch(/Cannot find namespace "nowhere" .*create it by "skyloom init"/);
      expect(code).toBe(2);
    }
  }, 60_000);
});

describe('a stack that is stopped while it starts', () => {
  it('leaves no process behind', async () => {
    const home = join(await scratchFolder(), 'early');
    const end = await runCommand(['up', '--port', '0', '--ui-port', '0'], {
      environment: { SKYLOOM_HOME: home },
      until: /Starting the Temporal server/,
    });
    expect(end.code).toBe(0);
    const { stdout } = await promisify(execFile)('ps', ['-eo', 'args=']);
    expect(stdout).not.toContain(home);
  }, 60_000);

  it('says in a sentence that its home cannot be', async () => {
    const { code, errors } = await skyloom(['up'], {
      environment: { SKYLOOM_HOME: '/etc/passwd' },
    });
    expect(errors).toMatch(/Cannot use "\/etc\/passwd" as SKYLOOM_HOME/);
    expect(code).toBe(1);
  });
});

describe('skyloom init', () => {
  it('makes a namespace ready, and finds it ready the second time', async () => {
    const { address } = stack.stack.access.connectionOptions;
    const environment = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'surveys' };
    const doctor = await skyloom(['doctor', '--json'], { environment });
    expect(JSON.parse(doctor.output).checks).toContainEqual({
      name: 'namespace',
      state: 'fault',
      words: 'the server has no "surveys"',
      remedy: 'Create it by "skyloom init"',
    });
    const first = await skyloom(['init', '--json', '--retention-days', '3'], { environment });
    expect(JSON.parse(first.output)).toMatchObject({ namespace: 'surveys', isCreated: true });
    const second = await skyloom(['init', '--json'], { environment });
    expect(JSON.parse(second.output)).toMatchObject({ isCreated: false, added: [] });
    const described = await stack.client.workflowService.describeNamespace({
      namespace: 'surveys',
    });
    expect(Number(described.config?.workflowExecutionRetentionTtl?.seconds)).toBe(3 * 86_400);
  }, 60_000);

  it('waits for a server no longer than it was told', async () => {
    const environment = { TEMPORAL_ADDRESS: '127.0.0.1:9' };
    const { code, errors } = await skyloom(['init', '--wait', '1'], { environment });
    expect(errors).toMatch(/Cannot reach the Temporal server at 127.0.0.1:9/);
    expect(code).toBe(1);
  }, 30_000);
});

describe('a worker', () => {
  it('tells its health and its metrics, and marks each line of its log', async () => {
    const log = await readFile(join(stack.stack.logFolder, 'ingestion.log'), 'utf8');
    const lines = log
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const { address } = lines.find(({ msg }) => msg === 'Serving metrics and health');
    expect((await fetch(`http://${address}/livez`)).status).toBe(200);
    expect((await fetch(`http://${address}/readyz`)).status).toBe(200);
    expect((await fetch(`http://${address}/`)).status).toBe(404);
    const metrics = await (await fetch(`http://${address}/metrics`)).text();
    for (const name of [
      'temporal_activity_schedule_to_start_latency_seconds_bucket',
      'temporal_worker_task_slots_available',
      'temporal_num_pollers',
      'temporal_request_total',
      'nodejs_eventloop_lag_p99_seconds',
    ]) {
      expect(metrics).toContain(name);
    }
    const domain = lines.filter(({ sdkComponent }) =>
      ['activity', 'workflow'].includes(sdkComponent),
    );
    expect(domain.length).toBeGreaterThan(0);
    for (const line of domain) expect(line).toHaveProperty('workflowId');
    const activities = domain.filter(({ sdkComponent }) => sdkComponent === 'activity');
    for (const line of activities) expect(line).toHaveProperty('activityId');
    expect(log).not.toContain('taskToken');
  });
});

describe('skyloom cleanup', () => {
  it('counts first, then removes what is over, and keeps the rest', async () => {
    const kept = await answerOf(['cleanup', '--older-than', '1d']);
    expect(kept).toMatchObject({ runs: 0, files: 0 });
    const counted = await answerOf(['cleanup', '--older-than', '0h', '--dry-run']);
    expect(counted.runs).toBe(4);
    expect(await readdir(join(stack.home, 'runs'))).toHaveLength(4);
    const removed = await answerOf(['cleanup', '--older-than', '0h']);
    expect(removed).toMatchObject({ runs: 4, isDryRun: false });
    expect(await readdir(join(stack.home, 'runs'))).toEqual([]);
    const left = await readdir(join(stack.home, 'artifacts'), { recursive: true });
    expect(left.filter((name) => /[0-9a-f]{64}$/.test(name))).toEqual([]);
  }, 60_000);

  it('can be left to the server, once a day', async () => {
    const [first, second] = [
      await answerOf(['cleanup', '--daily']),
      await answerOf(['cleanup', '--daily']),
    ];
    expect(second).toEqual(first);
    const { spec } = await stack.client.schedule.getHandle('skyloom-cleanup-daily').describe();
    expect(spec.calendars).toHaveLength(1);
    expect(await answerOf(['cleanup', '--stop-daily'])).toMatchObject({ isStopped: true });
    expect(await answerOf(['cleanup', '--stop-daily'])).toMatchObject({ isStopped: false });
  }, 60_000);
});

function skyloom(args: string[], options: CommandOptions = {}) {
  const environment = { SKYLOOM_HOME: stack.home, ...options.environment };
  return runCommand(args, { ...options, environment });
}

/** The document that a command answers with. */
async function answerOf(args: string[]) {
  const { output, errors } = await skyloom([...args, '--json']);
  try {
    return JSON.parse(output);
  } catch {
    throw new Error(`No document from ${args.join(' ')}: ${output}${errors}`);
  }
}
