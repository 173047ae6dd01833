import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { workerKinds } from '../../contracts/task-queues.ts';
import { readSettings, settingsSchema } from '../../platform/configuration.ts';
import { dynamicConfigurationPath } from '../../platform/temporal/dynamic-configuration.ts';
import { SHUTDOWN_FORCE } from '../../platform/temporal/worker-process.ts';
import {
  buildComposeLoader,
  composePath,
  type ComposeService,
  describeWithComposeLoader,
  LOADER_LIMIT_MS,
  type LoadedCompose,
  loadCompose,
  root,
} from '../support/compose-file.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const ONE_SHOT = ['temporal-schema', 'temporal-init'];
const environment = { POSTGRES_PASSWORD: 'of-a-test' };

describeWithComposeLoader('docker-compose.yml', () => {
  let loaded: LoadedCompose;
  let services: [name: string, ComposeService][];
  let workers: [name: string, ComposeService][];
  let text: string;

  beforeAll(async () => {
    buildComposeLoader();
    loaded = loadCompose(composePath, environment);
    services = Object.entries(loaded.services);
    workers = services.filter(([, { command }]) => command?.[0] === 'worker');
    text = await readFile(composePath, 'utf8');
  }, LOADER_LIMIT_MS);

  it('loads without a warning', () => {
    expect(loaded.remarks).toBe('');
  });

  it('is refused with a key that compose does not know', async () => {
    const path = join(await scratchFolder(), 'docker-compose.yml');
    await writeFile(path, text.replace('restart: unless-stopped', 'restarts: unless-stopped'));
    expect(() => loadCompose(path, environment)).toThrow(/restarts/);
  });

  it('is refused without a password of the database, and says where to write it', () => {
    expect(() => loadCompose(composePath, {})).toThrow(/POSTGRES_PASSWORD.*\.env/);
  });

  it('has exactly one service for each kind of worker, named after it', () => {
    const commands = workers.map(([name, { command }]) => [name, command]);
    expect(new Map(commands as [string, unknown][])).toEqual(
      new Map(workerKinds.map((kind) => [kind, ['worker', kind]])),
    );
    expect(workers).toHaveLength(workerKinds.length);
  });

  it('lets every worker be scaled', () => {
    expect(services.filter(([, service]) => service.container_name !== undefined)).toEqual([]);
    expect(workers.filter(([, service]) => service.ports !== undefined)).toEqual([]);
  });

  it('starts each part when what it needs is there', () => {
    const conditions = Object.fromEntries(
      services.map(([name, service]) => [
        name,
        Object.entries(service.depends_on ?? {}).map(
          ([other, { condition }]) => `${other} ${condition}`,
        ),
      ]),
    );
    const afterInit = ['temporal-init service_completed_successfully'];
    expect(conditions).toEqual({
      postgresql: [],
      'temporal-schema': ['postgresql service_healthy'],
      temporal: ['temporal-schema service_completed_successfully'],
      'temporal-init': ['temporal service_healthy'],
      'temporal-ui': afterInit,
      prometheus: [],
      s3: [],
      skyloom: afterInit,
      ...Object.fromEntries(workerKinds.map((kind) => [kind, afterInit])),
    });
  });

  it('keeps up what is to stay up, and knows whether it is well', () => {
    const staying = services.filter(
      ([name, { profiles }]) => profiles === undefined && !ONE_SHOT.includes(name),
    );
    for (const [name, { restart, healthcheck }] of staying) {
      expect([name, restart, healthcheck !== undefined]).toEqual([name, 'unless-stopped', true]);
    }
  });

  it('gives a worker more time to end than it takes by itself', () => {
    for (const [, { stop_grace_period: grace }] of workers) {
      expect(secondsOf(grace!) * 1000).toBeGreaterThan(msToNumber(SHUTDOWN_FORCE));
    }
  });

  it('sets nothing that is not a setting, and no setting that is refused', () => {
    for (const [, service] of services) {
      const names = Object.keys(service.environment ?? {}).filter((name) =>
        name.startsWith('SKYLOOM_'),
      );
      expect(Object.keys(settingsSchema.shape)).toEqual(expect.arrayContaining(names));
      expect(() => readSettings(definedEnvironment(service))).not.toThrow();
    }
  });

  it('gives the server the file that the embedded server is configured by', () => {
    const { volumes, environment: variables } = loaded.services['temporal']!;
    expect(volumes).toMatchObject([
      {
        source: dynamicConfigurationPath,
        target: variables!['DYNAMIC_CONFIG_FILE_PATH'],
        read_only: true,
      },
    ]);
  });

  it('mounts files that are there', () => {
    const images = join(root, 'images');
    for (const [, { volumes }] of services) {
      for (const { type, source } of volumes ?? []) {
        if (type === 'bind' && source !== images) expect(existsSync(source)).toBe(true);
      }
    }
  });

  it('asks for the variables that .env.example tells about', async () => {
    const asked = [...text.matchAll(/\$\{(\w+)/g)].map((match) => match[1]!);
    const example = await readFile(join(root, '.env.example'), 'utf8');
    const told = [...example.matchAll(/^(?:# )?([A-Z0-9_]+)=/gm)].map((match) => match[1]!);
    expect([...new Set(asked)].sort()).toEqual([...told].sort());
  });
});

/** As the loader writes durations: `50s`, `1m0s`. */
function secondsOf(duration: string): number {
  const [, minutes = '0', seconds = '0'] = /^(?:(\d+)m)?(?:(\d+)s)?$/.exec(duration)!;
  return Number(minutes) * 60 + Number(seconds);
}

function definedEnvironment({ environment: variables = {} }: ComposeService) {
  return Object.fromEntries(
    Object.entries(variables).filter((pair): pair is [string, string] => pair[1] !== null),
  );
}
