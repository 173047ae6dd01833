import { beforeAll, expect, it } from '@jest/globals';
import { taskQueues, workerKinds } from '../../contracts/task-queues.ts';
import {
  buildComposeLoader,
  composePath,
  type ComposeService,
  describeWithComposeLoader,
  LOADER_LIMIT_MS,
  loadCompose,
} from '../support/compose-file.ts';

const OWN_IMAGE = 'skyloom:local';
/** The work of preparing the server, and the command line. */
const OWN_BESIDE_WORKERS = 2;

describeWithComposeLoader('what docker-compose.yml lets its services do', () => {
  let services: [name: string, ComposeService][];
  let workers: ComposeService[];

  beforeAll(() => {
    buildComposeLoader();
    services = Object.entries(
      loadCompose(composePath, { POSTGRES_PASSWORD: 'of-a-test' }).services,
    );
    workers = services.filter(([name]) => name in taskQueues).map(([, service]) => service);
  }, LOADER_LIMIT_MS);

  it('publishes ports to this host only', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => port.host_ip !== '127.0.0.1')).toEqual([]);
  });

  it('limits the memory of every worker, and its heap to less than that', () => {
    for (const service of workers) {
      const limit = Number(service.deploy?.resources.limits.memory);
      const heap = /--max-old-space-size=(\d+)/.exec(service.environment!['NODE_OPTIONS']!)![1];
      expect((Number(heap) * 1024 * 1024) / limit).toBeLessThanOrEqual(0.8);
    }
  });

  it('confines what runs our image, and never takes that from a registry', () => {
    const own = services.filter(([, { image }]) => image === OWN_IMAGE);
    expect(own).toHaveLength(workerKinds.length + OWN_BESIDE_WORKERS);
    for (const [, service] of own) {
      expect(service).toMatchObject({
        init: true,
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        pull_policy: 'never',
      });
    }
    expect(own.filter(([, { build }]) => build !== undefined).map(([name]) => name)).toEqual([
      'temporal-init',
    ]);
  });

  it('names the version of every image it takes', () => {
    const images = services.map(([, { image }]) => image);
    const foreign = images.filter((image) => image !== OWN_IMAGE);
    for (const image of foreign) expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-bookworm)?$/);
    const tools = images.find((image) => image.startsWith('temporalio/admin-tools:'));
    expect(foreign).toContain(tools!.replace('admin-tools', 'server'));
  });
});
