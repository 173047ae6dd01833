import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeCutoutPools, cutoutTasks } from '../../imaging/tasks/cutout.ts';
import type { WeightsId } from '../../platform/model-weights.ts';
import { isLongRun, itAtLength } from '../support/long-tests.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';
import { alphaOf, compareAlpha } from './support/alpha-comparison.ts';
import type { Cut } from './support/cut.ts';
import { TaskBench } from './support/task-bench.ts';
import { Ticks } from './support/ticks.ts';
import { haveWeights, withTestModels } from './support/weights.ts';

/** What was measured of a picture when the set was made. */
interface Expected {
  rawMax: number;
  cover: number;
  /** Against the truth; not there where there is none. */
  iou?: number;
  mae?: number;
  vsRembg?: { iou: number; mae: number; maxDiff255: number };
}

/** Below one of these there is no subject. */
const MIN_CONFIDENCE = 0.5;
const MIN_COVERAGE = 0.005;

/** The loop gets a tick at least this often. */
const LONGEST_BLOCK_MS = 50;

const pictures = [
  'davis/blackswan_00012.jpg',
  'davis/camel_00022.jpg',
  'davis/car-roundabout_00018.jpg',
  'davis/cows_00026.jpg',
  'davis/dog_00015.jpg',
  'davis/drift-chicane_00013.jpg',
  'davis/libby_00036.jpg',
  'pymatting/lemur.png',
  'rembg/car-1.jpg',
  'rembg/cloth-1.jpg',
  'synthetic/bike_studio.jpg',
  'synthetic/chair_gravel.jpg',
  'synthetic/figure_brick.jpg',
  'synthetic/flat-grey.png',
  'synthetic/fur_studio.jpg',
  'synthetic/mug_beach.jpg',
  'synthetic/no-subject-gravel.jpg',
  'synthetic/rings_studio.jpg',
];

// The larger network takes twice as long, and 176 megabytes of weights.
const networks: WeightsId[] = isLongRun ? ['u2netp', 'u2net'] : ['u2netp'];
const bench = new TaskBench(
  cutoutTasks(withTestModels('unused', { SKYLOOM_CUTOUT_PROCESSES: '2' })),
);

describeWithRealData('the evaluation set', () => {
  it('is here with all its pictures', () => {
    expect(Object.keys(expectations()).sort(byName)).toEqual(pictures);
  });

  describe.each(networks)('with %s', (id) => {
    const cuts = new Map<string, Cut>();
    let longestBlockMs: number;

    beforeAll(async () => {
      if (!(await haveWeights(id)))
        throw new Error(`The weights ${id} are neither here nor to be had`);
      const images = [];
      for (const name of pictures) images.push(await bench.add(pathOf(name), name));
      const ticks = new Ticks();
      const input = { images, model: id, edge: 'none' };
      const { cutouts } = await bench.run<{ cutouts: Cut[] }>('image.cutouts@1', input);
      longestBlockMs = ticks.stop();
      for (const [index, name] of pictures.entries()) cuts.set(name, cutouts[index]!);
    }, 300_000);

    it.each(pictures)('gives what was measured of %s', async (name) => {
      const cut = cuts.get(name)!;
      const { rawMax, cover, iou, mae, vsRembg } = expectations()[name]![id];
      expect(cut.confidence).toBeCloseTo(rawMax, 2);
      expect(cut.coverage).toBeCloseTo(cover, 3);
      if (rawMax < MIN_CONFIDENCE || cover < MIN_COVERAGE) {
        expect(cut).toMatchObject({ outcome: 'no-subject', image: null, box: null });
        return;
      }
      expect(cut.outcome).toBe('ok');
      const truth = await alphaOf(readFileSync(pathOf(truthOf(name, id))));
      const found = compareAlpha(await alphaOf(bench.bytesOf(cut.image!)), truth);
      if (vsRembg !== undefined) {
        // The same weights through another program: equal but for the decoder of JPEG.
        expect(found.mae).toBeLessThanOrEqual(0.001);
        expect(found.largest).toBeLessThanOrEqual(16);
        expect(found.iou).toBeGreaterThan(vsRembg.iou - 0.001);
      } else {
        expect(found.iou).toBeGreaterThan(iou! - 0.02);
        expect(found.mae).toBeLessThan(mae! + 0.003);
      }
    });

    it('lets the event loop go on, and says at once that there is work', () => {
      expect(longestBlockMs).toBeLessThan(LONGEST_BLOCK_MS);
      expect(bench.heartbeats).toContainEqual([0, pictures.length]);
    });
  });

  it('shows hair when edges are guided', async () => {
    expect((await edgeOf('pymatting/lemur.png', 'guided')).mae).toBeLessThanOrEqual(0.0095);
  }, 180_000);

  itAtLength(
    'shows more hair with matting',
    async () => {
      expect((await edgeOf('pymatting/lemur.png', 'matting')).mae).toBeLessThan(0.006);
      expect((await edgeOf('synthetic/fur_studio.jpg', 'matting')).mae).toBeLessThan(0.026);
    },
    120_000,
  );

  it.each(['bike_studio', 'rings_studio'])(
    'needs no network for the plain backdrop of %s, and finds its holes',
    async (name) => {
      const image = await bench.add(pathOf(`synthetic/${name}.jpg`));
      const cut = await bench.run<Cut>('image.cutout@1', { image, method: 'plain' });
      expect(cut).toMatchObject({ outcome: 'ok', method: 'plain', model: null });
      const truth = await alphaOf(readFileSync(pathOf(`synthetic/${name}.alpha.png`)));
      const found = compareAlpha(await alphaOf(bench.bytesOf(cut.image!)), truth);
      expect(found.iou).toBeGreaterThan(0.97);
    },
    180_000,
  );

  it('claims no subject in a scene without a network', async () => {
    const image = await bench.add(pathOf('davis/cows_00026.jpg'));
    const cut = await bench.run<Cut>('image.cutout@1', { image, method: 'plain' });
    expect(cut).toMatchObject({ outcome: 'no-subject', image: null, method: 'plain' });
  }, 180_000);
});

afterAll(closeCutoutPools);

async function edgeOf(name: string, edge: string) {
  const image = await bench.add(pathOf(name), name);
  const cut = await bench.run<Cut>('image.cutout@1', { image, edge });
  const truth = await alphaOf(readFileSync(pathOf(truthOf(name, 'u2netp'))));
  return compareAlpha(await alphaOf(bench.bytesOf(cut.image!)), truth);
}

function expectations(): Record<string, Record<WeightsId, Expected>> {
  return JSON.parse(readFileSync(pathOf('expected.json'), 'utf8')).files;
}

function truthOf(name: string, id: WeightsId): string {
  if (name.startsWith('rembg/')) return name.replace('.jpg', `.${id}.alpha.png`);
  if (name === 'pymatting/lemur.png') return 'pymatting/lemur_alpha.png';
  return name.replace(/\.\w+$/, '.alpha.png');
}

function pathOf(name: string): string {
  return realDataPath(`background/${name}`);
}

function byName(a: string, b: string): number {
  return a < b ? -1 : 1;
}
