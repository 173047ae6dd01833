import { execFileSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { StoredImage } from '../../contracts/images.ts';
import { defineFlow } from '../../flows/build/define-flow.ts';
import { declareTask } from '../../flows/build/task.ts';
import type { FlowDefinition } from '../../contracts/flow-definition.ts';
import { z } from 'zod';
import { itAtLength } from '../support/long-tests.ts';
import { beforeScratchIsRemoved, scratchFolder } from '../support/scratch-folder.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { until } from '../support/until.ts';
import { describeWithWeights, testModelFolder } from './support/weights.ts';

interface Images {
  images: StoredImage[];
}

const download = declareTask<{ urls: string[] }, Images>('image.download@1');
const cutouts = declareTask<Images & { edge: string }, Images>('image.cutouts@1');

/** Matting takes seconds per image, so that there is a middle to be disturbed in. */
const flow = (edge: string): FlowDefinition =>
  defineFlow(`cut-${edge}`, {
    version: '1.0.0',
    input: z.object({ urls: z.array(z.string()).max(100) }),
  })
    .then('download', download, (s) => ({ urls: s.input.urls }))
    .then('cut', cutouts, (s) => ({ images: s.download.images, edge }))
    .output((s) => s.cut.images).definition;

const program = fileURLToPath(new URL('../../imaging/io/cutout-process.js', import.meta.url));

await describeWithWeights('u2netp', 'a run that removes backgrounds', () => {
  let stack: TestStack;
  let urls: string[];

  beforeAll(async () => {
    urls = await serveImages(6);
    stack = await startTestStack(['automation', 'imaging', 'cleanup'], {
      SKYLOOM_MODEL_DIR: testModelFolder,
      SKYLOOM_ALLOW_PRIVATE_ADDRESSES: 'true',
      SKYLOOM_CUTOUT_PROCESSES: '2',
    });
  }, 60_000);

  it('that is cancelled in the middle of a picture leaves no process behind', async () => {
    const handle = await start('matting', 'cancelled');
    await until('two processes at work', async () => workingProcesses().length === 2);
    const from = performance.now();
    await handle.cancel();
    await until('no process left', async () => processes().length === 0);
    const goneMs = performance.now() - from;
    await expect(handle.result()).rejects.toThrow();
    // Three seconds on a machine that has time; beside other tests one sign of life may be late.
    expect(goneMs).toBeLessThan(process.env['SKYLOOM_LONG_TESTS'] === '1' ? 3000 : 9000);
  }, 120_000);

  itAtLength(
    'gives the same when one of its processes is killed in the middle',
    async () => {
      const killed = await start('guided', 'killed');
      const [victim] = await until('a process at work', async () => {
        const found = workingProcesses();
        return found.length > 0 && found;
      });
      process.kill(victim!, 'SIGKILL');
      const { output } = (await killed.result()) as { output: { sha256: string }[] };
      expect(output).toHaveLength(6);
      const whole = await start('guided', 'undisturbed', [...urls].reverse());
      const { output: other } = (await whole.result()) as { output: { sha256: string }[] };
      expect(output.map(({ sha256 }) => sha256)).toEqual(
        other.map(({ sha256 }) => sha256).reverse(),
      );
    },
    120_000,
  );

  function start(edge: string, id: string, list = urls) {
    return stack.client.workflow.start('FlowWorkflow', {
      workflowId: `flow/cut-${edge}/${id}`,
      taskQueue: 'automation-pipeline-queue',
      args: [{ definition: flow(edge), input: { urls: list } }],
    });
  }

  /** Of this stack: those of other runs on the machine have another parent. */
  function processes(): { pid: number; cpuSeconds: number }[] {
    const workers = new Set([process.pid]);
    const all = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,time=,args='], {
      encoding: 'utf8',
    })
      .split('\n')
      .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line))
      .filter((found) => found !== null)
      .map(([, pid, ppid, time, args]) => ({ pid: +pid!, ppid: +ppid!, time: time!, args: args! }));
    for (const { pid, ppid } of all) if (workers.has(ppid)) workers.add(pid);
    return all
      .filter(({ pid, args }) => workers.has(pid) && args.includes(program))
      .map(({ pid, time }) => ({ pid, cpuSeconds: secondsOf(time) }));
  }

  /** Those that are past their start. */
  function workingProcesses(): number[] {
    return processes()
      .filter(({ cpuSeconds }) => cpuSeconds >= 1)
      .map(({ pid }) => pid);
  }
});

/** `mm:ss` or `hh:mm:ss`, with fractions on some systems. */
function secondsOf(time: string): number {
  return time.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);
}

/** Pictures of a disc, each a little different, behind a server on this machine. */
async function serveImages(count: number): Promise<string[]> {
  const folder = await scratchFolder();
  for (let i = 0; i < count; i++) {
    const svg = `<svg width="1200" height="900"><rect width="1200" height="900" fill="rgb(90,140,80)"/><circle cx="600" cy="450" r="${200 + 10 * i}" fill="rgb(200,40,30)"/></svg>`;
    const noisy = sharp(Buffer.from(svg)).removeAlpha().jpeg();
    await writeFile(join(folder, `${i}.jpg`), await noisy.toBuffer());
  }
  const server: Server = createServer((request, response) => {
    createReadStream(join(folder, request.url!.slice(1))).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  beforeScratchIsRemoved(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return Array.from({ length: count }, (_, i) => `http://127.0.0.1:${port}/${i}.jpg`);
}
