import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { taskQueues, type WorkerKind, workerKinds } from '../../contracts/task-queues.ts';
import { findAttributeFaults } from '../../platform/temporal/namespace.ts';
import { withClient } from '../../starter/find-server.ts';
import {
  buildComposeLoader,
  composePath,
  type ComposeService,
  describeWithComposeLoader,
  LOADER_LIMIT_MS,
  loadCompose,
  root,
} from '../support/compose-file.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';

const SERVER_LIMIT_MS = 60_000;
/** Six processes start at once, on machines with two cores as well. */
const READY_LIMIT_MS = 120_000;
const POLL_MS = 200;
const TEST_LIMIT_MS = 2 * READY_LIMIT_MS;
const WEEK_SECONDS = 7 * 24 * 3600;
const queueTypes = { workflow: 1, activity: 2 };

/** What the containers run, run on this machine: the same commands and settings, other places. */
describeWithComposeLoader('the services of docker-compose.yml', () => {
  const started: ChildProcess[] = [];
  let services: Record<string, ComposeService>;
  let server: TestStack;
  let entrypoint: string[];

  beforeAll(async () => {
    buildComposeLoader();
    ({ services } = loadCompose(composePath, { POSTGRES_PASSWORD: 'of-a-test' }));
    entrypoint = await readEntrypoint();
    server = await startTestStack([]);
  }, LOADER_LIMIT_MS + SERVER_LIMIT_MS);

  afterAll(async () => {
    for (const child of started) child.kill('SIGKILL');
    await server.stop();
  });

  it(
    'poll the queue of each kind of worker, and end when they are told to',
    async () => {
      const workers = await Promise.all(workerKinds.map((kind) => run(services[kind]!)));
      await Promise.all(
        workers.map(({ ended }, index) =>
          Promise.race([untilPolled(workerKinds[index]!), ended.then(failEarly)]),
        ),
      );
      for (const { child } of workers) child.kill('SIGTERM');
      const ends = await Promise.all(workers.map(({ ended }) => ended));
      expect(ends.map(({ code }) => code)).toEqual(workerKinds.map(() => 0));
    },
    TEST_LIMIT_MS,
  );

  it(
    'create the namespace and its search attributes, and can be started again',
    async () => {
      const namespace = 'of-compose';
      for (const _time of [1, 2]) {
        const { ended } = await run(services['temporal-init']!, { TEMPORAL_NAMESPACE: namespace });
        expect(await ended).toMatchObject({ code: 0 });
      }
      await withClient(server.stack.access, async (_client, connection) => {
        const { config } = await connection.workflowService.describeNamespace({ namespace });
        expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(WEEK_SECONDS);
        const faults = await findAttributeFaults(connection, namespace);
        expect(faults).toEqual({ missing: [], mistyped: [] });
      });
    },
    TEST_LIMIT_MS,
  );

  it.each([
    ['well', 200, 0],
    ['not well', 503, 1],
  ])('tell that a worker is %s', async (_words, status, expected) => {
    const readiness = createServer((request, response) => {
      response.writeHead(request.url === '/readyz' ? status : 404).end();
    });
    await once(readiness.listen(0, '127.0.0.1'), 'listening');
    const { port } = readiness.address() as AddressInfo;
    const [, ...check] = services['processor']!.healthcheck!.test;
    const command = check.map((word) => word.replace(':9464', `:${port}`));
    const child = spawn(command[0]!, command.slice(1), { stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([expected, null]);
    readiness.close();
  });

  async function run(service: ComposeService, more: Record<string, string> = {}) {
    const [program, ...args] = [...entrypoint, ...service.command!];
    const child = spawn(program!, args, {
      env: { ...(await nativeEnvironment(service)), ...more },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    started.push(child);
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, errors }));
    return { child, ended };
  }

  /** The settings of the service, with the places of a container replaced by those of this machine. */
  async function nativeEnvironment(service: ComposeService): Promise<Record<string, string>> {
    const folder = await scratchFolder();
    const { environment } = service as { environment: Record<string, string> };
    const places = {
      TEMPORAL_ADDRESS: server.stack.access.connectionOptions.address,
      SKYLOOM_HOME: join(folder, 'data'),
      SKYLOOM_SOURCE_ROOTS: join(folder, 'images'),
      SKYLOOM_TELEMETRY_ADDRESS: '127.0.0.1:0',
    };
    const replaced = Object.entries(places).filter(([name]) => name in environment);
    const { PATH = '' } = process.env;
    return { PATH, HOME: folder, ...environment, ...Object.fromEntries(replaced) };
  }

  async function untilPolled(kind: WorkerKind): Promise<void> {
    const deadline = Date.now() + READY_LIMIT_MS;
    const { workflowService } = server.client.connection;
    while (Date.now() < deadline) {
      for (const taskQueueType of Object.values(queueTypes)) {
        const { pollers } = await workflowService.describeTaskQueue({
          namespace: 'default',
          taskQueue: { name: taskQueues[kind] },
          taskQueueType,
        });
        if (pollers?.some(({ identity }) => identity?.startsWith(`${kind}@`))) return;
      }
      await sleep(POLL_MS);
    }
    throw new Error(`No worker of kind "${kind}" polls after ${READY_LIMIT_MS / 1000} s`);
  }
});

function failEarly({ code, errors }: { code: number | null; errors: string }): never {
  throw new Error(`The worker ended with exit code ${code}: ${errors}`);
}

/** What the image starts, as it lies in the checkout. */
async function readEntrypoint(): Promise<string[]> {
  const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8');
  const words = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)![1]!) as string[];
  return words.map((word) => word.replace(/^\/app\//, `${root}/`));
}
