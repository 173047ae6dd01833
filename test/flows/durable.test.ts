import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import sharp from 'sharp';
import type { FlowDefinition, Json } from '../../contracts/flow-definition.ts';
import { answerUpdate, flowQueries, type FlowRequest } from '../../contracts/flow-run.ts';
import { searchAttributes } from '../../contracts/search-attributes.ts';
import { taskQueues } from '../../contracts/task-queues.ts';
import { runLocally } from '../../flows/local/run-locally.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
import { readSettings } from '../../platform/configuration.ts';
import { workers } from '../../workers.ts';
import { runCommand } from '../support/run-command.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { double, needs, note, quadruple } from './support/durable-tasks.ts';

const tasksModule = fileURLToPath(new URL('./support/durable-tasks.js', import.meta.url));
const localTasks = [note, needs, double];

let stack: TestStack;
let scratch: string;
let images: Server;

beforeAll(async () => {
  scratch = await scratchFolder();
  const picture = await sharp({
    create: { width: 300, height: 200, channels: 3, background: 'red' },
  })
    .jpeg()
    .toBuffer();
  images = createServer((request, response) => {
    if (request.url?.startsWith('/missing') === true) return response.writeHead(404).end();
    return response.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture);
  }).listen(0, '127.0.0.1');
  stack = await startTestStack(['automation', 'imaging', 'cleanup'], {
    SKYLOOM_TASKS: tasksModule,
    SKYLOOM_LANES: 'gpu',
    SKYLOOM_ALLOW_PRIVATE_ADDRESSES: 'true',
  });
}, 120_000);

afterAll(async () => {
  images.close();
  await stack.stop();
}, 60_000);

describe('a flow on a server', () => {
  it('gives what it gives in memory', async () => {
    const definition = flowOf({
      numbers: {
        map: {
          over: { $from: 'input.values' },
          do: { steps: { twice: { task: 'test.double@1', with: { value: { $from: 'item' } } } } },
        },
      },
      four: { flow: 'quadruple@1', with: { value: { $from: 'numbers.items[0]' } } },
    });
    const input = { values: [1, 2, 3] };
    const durable = await execute({ definition, input }, 'equal');
    const local = await runLocally(definition as unknown as FlowDefinition, input, localTasks, {
      flows: { 'quadruple@1': quadruple.definition },
    });
    expect(durable.output).toEqual(local.output);
    expect(durable.output).toBe(8);
    const described = await stack.client.workflow.getHandle('flow/test/equal').describe();
    expect(described.typedSearchAttributes.get(searchAttributes.flowDigest)).toBe(durable.digest);
  }, 60_000);

  it('makes pictures, keeps what its output names, and gives the rest back', async () => {
    const { port } = images.address() as AddressInfo;
    const definition = flowOf({
      fetched: {
        map: {
          over: { $from: 'input.urls' },
          do: { steps: { one: { task: 'image.fetch@1', with: { url: { $from: 'item' } } } } },
        },
        policy: 'bestEffort',
      },
      small: {
        map: {
          over: { $from: 'fetched.items' },
          do: {
            steps: {
              one: { task: 'image.resize@1', with: { image: { $from: 'item' }, width: 30 } },
            },
          },
        },
      },
    });
    const urls = ['a.jpg', 'missing.jpg'].map((name) => `http://127.0.0.1:${port}/${name}`);
    const result = await execute({ definition, input: { urls } }, 'pictures');
    expect(result.failures).toEqual([
      { step: 'fetched[1]', message: expect.stringContaining('missing.jpg') },
    ]);
    const { items } = result.output as unknown as { items: { sha256: string; width: number }[] };
    expect(items).toMatchObject([{ name: 'a.jpg', width: 30, height: 20 }]);
    await cleanedUp('flow/test/pictures');
    const owned = await readdir(join(stack.home, 'owners', 'by-owner', result.runKey));
    const { report } = JSON.parse(
      await readFile(join(stack.home, 'runs', result.runKey, 'result.json'), 'utf8'),
    );
    // The picture, the document and its page; what was fetched is no part of the result.
    expect(new Set(owned)).toEqual(
      new Set([items[0]!.sha256, result.document.sha256, report.sha256]),
    );
    const again = await execute({ definition, input: { urls } }, 'pictures-again');
    expect(again.output).toEqual(result.output);
  }, 60_000);

  it('of a large map keeps the order, in children with short histories', async () => {
    const values = Array.from({ length: 230 }, (_, index) => index);
    const definition = flowOf({
      numbers: {
        map: {
          over: { $from: 'input.values' },
          concurrency: 10,
          do: { steps: { twice: { task: 'test.double@1', with: { value: { $from: 'item' } } } } },
        },
      },
    });
    const result = await execute({ definition, input: { values } }, 'large');
    expect((result.output as { items?: Json } | null)?.items).toEqual(
      values.map((value) => value * 2),
    );
    const handle = stack.client.workflow.getHandle('flow/test/large');
    expect((await handle.describe()).historyLength).toBeLessThan(100);
    await stack.client.workflow.getHandle('flow/test/large/numbers-0003').describe();
  }, 90_000);

  it('fails with the step that failed, and is resumed once without doing again what was done', async () => {
    const [log, cause] = [join(scratch, 'resume.log'), join(scratch, 'cause')];
    const who = { task: 'test.identity@1', with: {} };
    const definition = flowOf({
      first: { task: 'test.note@1', with: { path: log, text: 'first' } },
      second: { task: 'test.needs@1', with: { path: cause }, after: ['first'] },
      last: { task: 'test.note@1', with: { path: log, text: 'last' }, after: ['second'] },
      before: who,
      called: { flow: 'identified@1' },
      many: {
        map: {
          over: { $from: 'input.places' },
          do: { steps: { who } },
        },
      },
      behind: { ...who, after: ['second'] },
    });
    const output = {
      before: { $from: 'before' },
      called: { $from: 'called' },
      item: { $from: 'many.items[59]' },
      behind: { $from: 'behind' },
    };
    const environment = { SKYLOOM_HOME: stack.home };
    const path = join(scratch, 'resume.json');
    await writeFile(path, JSON.stringify({ ...definition, output }));
    const input = JSON.stringify({ places: Array.from({ length: 60 }, (_, place) => place) });
    const run = ['flow', 'run', path, '--id', 'broken', '--tasks', tasksModule, '--input', input];
    const failed = await runCommand(run, { environment });
    expect(failed.errors).toMatch(/failed in step "second": Cannot go on as ".*" is missing/);
    expect(failed.code).toBe(1);
    await writeFile(cause, 'mended');
    const resume = ['flow', 'resume', 'flow/test/broken', '--json'];
    const resumed = JSON.parse((await runCommand(resume, { environment })).output);
    expect(resumed.result).toMatchObject({ state: 'done' });
    expect(await readFile(log, 'utf8')).toBe('first\nlast\n');
    const again = JSON.parse((await runCommand(resume, { environment })).output);
    expect(again).toMatchObject({ workflowId: resumed.workflowId, isJoined: true });
    const { session } = resumed.result.output.before;
    expect(session).toMatch(/./);
    expect(resumed.result.output).toEqual({
      before: { run: 'flow/test/broken', session },
      called: { run: 'flow/test/broken/called', session },
      item: { run: 'flow/test/broken', session },
      behind: { run: resumed.workflowId, session },
    });
  }, 60_000);

  it('is joined by a request that says the same, and refuses another one of its id', async () => {
    const path = join(scratch, 'joined.json');
    await writeFile(
      path,
      JSON.stringify(
        flowOf({ once: { task: 'test.double@1', with: { value: { $from: 'input.value' } } } }),
      ),
    );
    const run = (value: number) =>
      runCommand(
        [
          'flow',
          'run',
          path,
          '--id',
          'joined',
          '--tasks',
          tasksModule,
          '--json',
          '--input',
          JSON.stringify({ value }),
        ],
        { environment: { SKYLOOM_HOME: stack.home } },
      );
    const [first, second, other] = [await run(4), await run(4), await run(5)];
    expect(JSON.parse(first.output)).toMatchObject({ isJoined: false, result: { output: 8 } });
    expect(JSON.parse(second.output)).toMatchObject({ isJoined: true, result: { output: 8 } });
    expect(other.code).toBe(2);
    const misfit = await runCommand(
      ['flow', 'run', path, '--id', 'a\u001bb', '--tasks', tasksModule],
      { environment: { SKYLOOM_HOME: stack.home } },
    );
    expect(misfit.errors).toMatch(/Cannot use --id "a\\u001bb"/);
    const listed = await runCommand(['list', '--query', 'FlowName="test"', '--json'], {
      environment: { SKYLOOM_HOME: stack.home },
    });
    expect(JSON.parse(listed.output).runs).toContainEqual(
      expect.objectContaining({ workflowId: 'flow/test/joined', status: 'COMPLETED' }),
    );
    const watched = await runCommand(['watch', 'flow/test/joined'], {
      environment: { SKYLOOM_HOME: stack.home },
    });
    expect([watched.code, watched.output]).toEqual([
      0,
      expect.stringContaining('test 1.0.0: done'),
    ]);
    expect(other.errors).toMatch(
      /there is one of that id with another definition, input or option/,
    );
  }, 60_000);

  it('that was stopped is gone on with from a step, on what came before', async () => {
    const log = join(scratch, 'from-run.log');
    const path = join(scratch, 'from-run.json');
    const noting = (text: string, after: string[]) => ({
      task: 'test.note@1',
      with: { path: log, text },
      ...(after.length === 0 ? {} : { after }),
    });
    await writeFile(
      path,
      JSON.stringify({
        ...flowOf({ a: noting('a', []), b: noting('b', ['a']), c: noting('c', ['b']) }),
        output: [{ $from: 'a' }, { $from: 'b' }, { $from: 'c' }],
      }),
    );
    const run = (...more: string[]) =>
      runCommand(['flow', 'run', path, '--tasks', tasksModule, '--json', ...more], {
        environment: { SKYLOOM_HOME: stack.home },
      });
    const stopped = await run('--id', 'stopped', '--max-steps', '2');
    expect(stopped.code).toBe(4);
    expect(JSON.parse(stopped.output).result).toMatchObject({ state: 'stopped', leftOut: ['c'] });
    const gone = await run('--id', 'gone-on', '--from-run', 'flow/test/stopped', '--start', 'b');
    expect(JSON.parse(gone.output).result.output).toEqual(['A', 'B', 'C']);
    expect(await readFile(log, 'utf8')).toBe('a\nb\nb\nc\n');
    const done = await run('--id', 'again', '--from-run', 'flow/test/gone-on', '--start', 'b');
    expect(done.errors).toMatch(/is done and kept nothing but its result/);
  }, 90_000);

  it('runs the tasks of a lane on workers of that lane', async () => {
    const handle = await begin(
      {
        definition: flowOf({
          first: { task: 'test.double@1', with: { value: 2 }, queue: 'gpu' },
        }),
      },
      'lane',
    );
    const { access } = stack.stack;
    const connection = await NativeConnection.connect(access.connectionOptions);
    const spec = await workers.imaging({
      settings: readSettings({ SKYLOOM_HOME: stack.home, SKYLOOM_TASKS: tasksModule }),
      store: new ArtifactStore(stack.home),
      logger: pino({ level: 'silent' }),
      isServerLocal: true,
      lane: 'gpu',
    });
    const { taskQueue, activities } = spec;
    const worker = await Worker.create({ connection, taskQueue, activities });
    expect(await worker.runUntil(handle.result())).toMatchObject({ output: 4 });
    await connection.close();
    const { events } = await handle.fetchHistory();
    const queues = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled?.activityType?.name === 'test.double@1' ? [scheduled.taskQueue?.name] : [],
    );
    expect(queues).toEqual(['imaging-gpu-task-queue']);
    const refused = await runCommand(['worker', 'imaging', '--lane', 'cpu'], {
      environment: { SKYLOOM_HOME: stack.home, SKYLOOM_LANES: 'gpu' },
    });
    expect(refused.errors).toMatch(
      /Cannot serve lane "cpu" as nothing is sent there: .* which has gpu/,
    );
  }, 60_000);

  it('waits for a person and for a signal, and refuses answers that do not count', async () => {
    const definition = flowOf({
      review: {
        approve: {
          title: 'Publish?',
          roles: ['editor'],
          form: {
            type: 'object',
            properties: { copies: { type: 'number' } },
            required: ['copies'],
          },
        },
      },
      go: { wait: { signal: 'go' }, after: ['review'] },
    });
    const handle = await begin({ definition }, 'asked');
    await until(async () => (await handle.query<unknown[]>(flowQueries.waiting)).length === 1);
    const give = (args: object) => handle.executeUpdate(answerUpdate, { args: [args] });
    const good = { step: 'review', approved: true, by: 'ada', role: 'editor', form: { copies: 2 } };
    for (const [bad, words] of [
      [{ ...good, step: 'nothing' }, /does not wait for an answer: found review/],
      [{ ...good, role: 'guest' }, /as one of the roles editor is needed: found guest/],
      [{ ...good, form: {} }, /the form.* does not fit/],
    ] as const) {
      const refused: unknown = await give(bad).catch((error: unknown) => error);
      expect(String((refused as Error).cause)).toMatch(words);
    }
    await give(good);
    const late: unknown = await give(good).catch((error: unknown) => error);
    expect(String((late as Error).cause)).toMatch(/answered already/);
    await handle.signal('go', { from: 'outside' });
    expect(await handle.result()).toMatchObject({ state: 'done', output: { from: 'outside' } });
  }, 60_000);

  it('that is cancelled stops its tasks, and still does what is to be done always', async () => {
    const log = join(scratch, 'cancel.log');
    const definition = flowOf({
      slow: {
        task: 'test.note@1',
        with: { path: log, text: 'slow', milliseconds: 60_000, toStop: 1_500 },
      },
      always: {
        task: 'test.note@1',
        with: { path: log, text: 'always' },
        after: ['slow'],
        on: 'always',
      },
    });
    const handle = await begin({ definition }, 'cancelled');
    await until(async () => (await readFile(log, 'utf8').catch(() => '')) !== '');
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    // The next step does not wait for a task that takes its time to stop; the end of the run does.
    expect(await readFile(log, 'utf8')).toBe('slow\nalways\nslow stopped\n');
    const resumed = await runCommand(['flow', 'resume', 'flow/test/cancelled', '--no-wait'], {
      environment: { SKYLOOM_HOME: stack.home },
    });
    expect(resumed.output).toMatch(/flow\/test\/cancelled-resumed-/);
    await stack.client.workflow.getHandle(resumed.output.trim()).cancel();
  }, 60_000);

  it('tells who asks why it stands while a task is tried again', async () => {
    const definition = flowOf({
      all: {
        map: {
          over: { $from: 'input.texts' },
          do: {
            steps: {
              one: {
                task: 'test.note@1',
                with: { path: join(scratch, 'nowhere', 'log'), text: { $from: 'item' } },
                retry: { attempts: 5, first: '1h' },
              },
            },
          },
        },
      },
    });
    const handle = await begin({ definition, input: { texts: ['a', 'b'] } }, 'tried');
    const ask = () =>
      runCommand(['status', 'flow/test/tried'], { environment: { SKYLOOM_HOME: stack.home } });
    let told = '';
    await until(async () => (told = (await ask()).output).includes('tried again'));
    // Both fail alike, which is said once.
    expect(told.match(/test\.note@1 failed and is tried again: ENOENT.*nowhere/g)).toHaveLength(1);
    await handle.terminate();
  }, 60_000);

  it('goes on when its worker is killed, and runs nothing twice that was recorded', async () => {
    const log = join(scratch, 'killed.log');
    const texts = Array.from({ length: 12 }, (_, index) => `t${index}`);
    const definition = flowOf({
      all: {
        map: {
          over: { $from: 'input.texts' },
          concurrency: 1,
          do: {
            steps: {
              one: {
                task: 'test.note@1',
                with: { path: log, text: { $from: 'item' }, milliseconds: 150 },
              },
            },
          },
        },
      },
    });
    const handle = await begin({ definition, input: { texts } }, 'killed');
    await until(async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').length > 4);
    process.kill(stack.stack.workers.get('imaging')!.pid!, 'SIGKILL');
    const result = await handle.result();
    expect((result as { output: { items: string[] } }).output.items).toEqual(
      texts.map((text) => text.toUpperCase()),
    );
    const ran = (await readFile(log, 'utf8')).trim().split('\n');
    // Only the one that was under way when the worker died may have run twice.
    expect(ran.length).toBeLessThanOrEqual(texts.length + 1);
    expect([...new Set(ran)]).toEqual(texts);
  }, 90_000);
});

describe('a bad flow', () => {
  it.each<[string, unknown, RegExp]>([
    ['no request', null, /must be an object with flow or definition/],
    ['neither flow nor definition', {}, /neither flow nor definition/],
    [
      'a flow that nobody knows',
      { flow: 'nope@1' },
      /no worker knows it: known are identified@1, quadruple@1/,
    ],
    [
      'an unknown task',
      { definition: flowOf({ a: { task: 'test.doubel@1' } }) },
      /did you mean "test.double@1"/,
    ],
    [
      'a cycle',
      {
        definition: flowOf({
          a: { task: 'test.double@1', with: { value: { $from: 'b' } } },
          b: { task: 'test.double@1', with: { value: { $from: 'a' } } },
        }),
      },
      /cycle/,
    ],
    [
      'an input that does not fit',
      { flow: 'quadruple@1', input: { value: 'four' } },
      /number is needed in its input at "\/value"/,
    ],
    [
      'a start that is no step',
      { flow: 'quadruple@1', input: { value: 4 }, start: 'thrice' },
      /no such step: found once, twice/,
    ],
  ])('%s is refused at once, in a sentence', async (name, request, words) => {
    const startedAt = Date.now();
    const workflowId = `flow/bad/${name.replaceAll(' ', '-')}`;
    const error: unknown = await stack.client.workflow
      .execute('FlowWorkflow', { workflowId, taskQueue: taskQueues.automation, args: [request] })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    const { cause } = error as WorkflowFailedError;
    expect(cause).toBeInstanceOf(ApplicationFailure);
    expect(cause?.message).toMatch(words);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });
});

function flowOf(steps: Record<string, unknown>): Record<string, unknown> {
  return { flow: '1', name: 'test', version: '1.0.0', steps };
}

function begin(request: FlowRequest, id: string) {
  return stack.client.workflow.start('FlowWorkflow', {
    workflowId: `flow/test/${id}`,
    taskQueue: taskQueues.automation,
    args: [request],
  });
}

/** The clean-up of a run goes on when the result is there. */
async function cleanedUp(workflowId: string): Promise<void> {
  const { client } = stack;
  const { runId } = await client.workflow.getHandle(workflowId).describe();
  await client.workflow.getHandle(`${workflowId}-cleanup-${runId.slice(0, 8)}`).result();
}

async function execute(request: FlowRequest, id: string) {
  const handle = await begin(request, id);
  return (await handle.result()) as {
    output: Json;
    digest: string;
    runKey: string;
    document: { sha256: string };
    failures: { step: string; message: string }[];
  };
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await isSo().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Cannot go on as what was waited for did not come');
}
