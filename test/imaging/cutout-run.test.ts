import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { z } from 'zod';
import type { FlowDefinition } from '../../contracts/flow-definition.ts';
import type { StoredImage } from '../../contracts/images.ts';
import { defineFlow } from '../../flows/build/define-flow.ts';
import { declareTask } from '../../flows/build/task.ts';
import { flow as example } from '../../samples/flows/remove-backgrounds/builder.ts';
import { isLongRun, itAtLength } from '../support/long-tests.ts';
import { runCommand } from '../support/run-command.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { until } from '../support/until.ts';
import { cutoutProcesses, isAlive, workingCutoutProcesses } from './support/cutout-processes.ts';
import { serveFolder } from './support/image-server.ts';
import { describeWithWeights, testModelFolder } from './support/weights.ts';

interface Images {
  images: StoredImage[];
}

const IMAGES = isLongRun ? 12 : 6;
/** Three seconds on a machine that has time; beside other tests a sign of life may be late. */
const GONE_MS = isLongRun ? 3000 : 9000;
/** A step that waits begins at once, so that nothing comes after this. */
const QUIET_MS = 500;

const download = declareTask<{ urls: string[] }, Images>('image.download@1');
const cutouts = declareTask<Images & { edge: string }, Images>('image.cutouts@1');

/** Matting takes seconds per image, so that there is a middle to be disturbed in. */
const slowList = defineFlow('cut-a-list', {
  version: '1.0.0',
  input: z.object({ urls: z.array(z.string()).max(100) }),
})
  .then('download', download, (s) => ({ urls: s.input.urls }))
  .then('cut', cutouts, (s) => ({ images: s.download.images, edge: 'matting' }))
  .output((s) => s.cut.images).definition;

await describeWithWeights('u2netp', 'a run that removes backgrounds', () => {
  let stack: TestStack;
  let urls: string[];

  beforeAll(async () => {
    const folder = await scratchFolder();
    await drawImages(folder, IMAGES);
    const address = await serveFolder(folder);
    urls = Array.from({ length: IMAGES }, (_, i) => `${address}/${i}.jpg`);
    stack = await startTestStack(['automation', 'imaging', 'cleanup'], {
      SKYLOOM_MODEL_DIR: testModelFolder,
      SKYLOOM_ALLOW_PRIVATE_ADDRESSES: 'true',
      SKYLOOM_CUTOUT_PROCESSES: '2',
    });
  }, 60_000);

  describe.each([
    ['a list in one step', slowList],
    ['one image a step', example.definition],
  ])('of %s', (_name, definition) => {
    it('and is cancelled in the middle of a picture leaves no process behind', async () => {
      const handle = await start(definition, 'cancelled');
      await until('two processes at work', async () => workingCutoutProcesses().length === 2);
      const from = performance.now();
      await handle.cancel();
      // Each step hears of it on its own, and one that waited may begin when another is gone.
      let lastSeen = performance.now();
      await until('no process left', async () => {
        if (cutoutProcesses().length > 0) lastSeen = performance.now();
        return performance.now() - lastSeen > QUIET_MS;
      });
      expect(lastSeen - from).toBeLessThan(GONE_MS);
      await expect(handle.result()).rejects.toThrow();
      expect(cutoutProcesses()).toEqual([]);
    }, 120_000);
  });

  describe('and is disturbed in the middle', () => {
    let undisturbed: Output;

    beforeAll(async () => {
      undisturbed = await outputOf(await start(example.definition, 'undisturbed'));
    }, 120_000);

    it('shows all of its images and a sheet', () => {
      expect(undisturbed.images).toHaveLength(IMAGES);
      expect(undisturbed.images.map(({ outcome }) => outcome)).toEqual(
        Array.from({ length: IMAGES }, () => 'ok'),
      );
      expect(undisturbed.failed).toBe(0);
      expect(undisturbed.sheet.name).toBe('contact-sheet.png');
    });

    it('shows the sheet on the page of the run', async () => {
      const [folder] = (await readdir(join(stack.home, 'runs'))).filter((name) =>
        name.includes('undisturbed'),
      );
      const page = await readFile(join(stack.home, 'runs', folder!, 'report.html'), 'utf8');
      const pictures = Array.from(
        page.matchAll(/src="data:image\/png;base64,([^"]+)"/g),
        ([, text]) => createHash('sha256').update(Buffer.from(text!, 'base64')).digest('hex'),
      );
      expect(pictures).toContain(undisturbed.sheet.sha256);
    });

    it('gives its files by their names on request', async () => {
      const folder = join(await scratchFolder(), 'saved');
      const ask = () =>
        runCommand(['result', `flow/${example.definition.name}/undisturbed`, '--save', folder], {
          environment: { SKYLOOM_HOME: stack.home },
        });
      expect((await ask()).output).toBe(`Saved ${IMAGES + 1} files in ${folder}\n`);
      const names = undisturbed.images.map(({ image }) => image.name);
      expect(new Set(await readdir(folder))).toEqual(new Set([...names, 'contact-sheet.png']));
      const sheet = await readFile(join(folder, 'contact-sheet.png'));
      expect(createHash('sha256').update(sheet).digest('hex')).toBe(undisturbed.sheet.sha256);
      // Nothing that is there already is replaced.
      expect((await ask()).errors).toMatch(/Cannot save ".*" as ".*" has one/);
    }, 60_000);

    it('gives the same when one of its processes is killed', async () => {
      const handle = await startAnew('child-killed');
      const [victim] = await midway(handle);
      process.kill(victim!, 'SIGKILL');
      expect(await outputOf(handle)).toEqual(undisturbed);
      expect(isAlive(victim!)).toBe(false);
    }, 120_000);

    // The server hears nothing of a killed worker for half a minute.
    itAtLength(
      'gives the same when its worker is killed, whose processes go with it',
      async () => {
        const handle = await startAnew('worker-killed');
        const orphans = await midway(handle);
        const { pid } = stack.stack.workers.get('imaging')!;
        process.kill(pid!, 'SIGKILL');
        await until('no orphan left', async () => !orphans.some(isAlive));
        expect(await outputOf(handle)).toEqual(undisturbed);
        expect(stack.stack.workers.get('imaging')!.pid).not.toBe(pid);
      },
      120_000,
    );
  });

  function start(definition: FlowDefinition, id: string) {
    return stack.client.workflow.start('FlowWorkflow', {
      workflowId: `flow/${definition.name}/${id}`,
      taskQueue: 'automation-pipeline-queue',
      args: [{ definition, input: { urls } }],
    });
  }

  /** Nothing is taken from an earlier run. */
  async function startAnew(id: string) {
    await rm(join(stack.home, 'memo'), { recursive: true, force: true });
    return start(example.definition, id);
  }

  /** Waits until some images are done and others in work; @returns the processes that work. */
  function midway(handle: WorkflowHandle): Promise<number[]> {
    return until('the middle of the run', async () => {
      const working = workingCutoutProcesses();
      return working.length > 0 && (await imagesDone(handle)) >= 1 && working;
    });
  }
});

interface Output {
  images: { outcome: string; image: StoredImage }[];
  failed: number;
  sheet: StoredImage;
}

async function outputOf(handle: WorkflowHandle): Promise<Output> {
  return ((await handle.result()) as { output: Output }).output;
}

/** Counted in the history, where only what is done for good is written. */
async function imagesDone(handle: WorkflowHandle): Promise<number> {
  const events = (await handle.fetchHistory()).events ?? [];
  const cut = new Set(
    events
      .filter((event) => {
        const type = event.activityTaskScheduledEventAttributes?.activityType;
        return type?.name === 'image.cutout@1';
      })
      .map(({ eventId }) => String(eventId)),
  );
  return events.filter((event) =>
    cut.has(String(event.activityTaskCompletedEventAttributes?.scheduledEventId)),
  ).length;
}

/** Pictures of a disc, each a little different. */
async function drawImages(folder: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const svg = `<svg width="1200" height="900"><rect width="1200" height="900" fill="rgb(90,140,80)"/><circle cx="600" cy="450" r="${200 + 10 * i}" fill="rgb(200,40,30)"/></svg>`;
    const picture = sharp(Buffer.from(svg)).removeAlpha().jpeg();
    await writeFile(join(folder, `${i}.jpg`), await picture.toBuffer());
  }
}
