import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { FlowDefinition, Steps } from '../../../contracts/flow-definition.ts';
import { layOut } from '../../../flows/draw/graph-layout.ts';
import type { PlacedBlock, PlacedBox } from '../../../flows/draw/placed.ts';
import { drawSvg } from '../../../flows/draw/svg.ts';
import { breakLines, textWidth } from '../../../flows/draw/text-width.ts';
import { graphOf } from '../../../flows/model/graph.ts';
import { readSample, sampleNames } from '../support/samples.ts';

const samples = sampleNames.map((name) => readSample(name).definition!);

describe('layOut()', () => {
  it('keeps every box in its block, every text in its box, and no two boxes over each other', () => {
    for (const definition of [...samples, flowOf(jumps)]) {
      for (const { block } of blocksOf(layOut(graphOf(definition)))) {
        for (const box of block.boxes) {
          expect(box.x).toBeGreaterThanOrEqual(-0.01);
          expect(box.x + box.width).toBeLessThanOrEqual(block.width + 0.01);
          expect(box.y + box.height).toBeLessThanOrEqual(block.height + 0.01);
          for (const { text, x, y, kind } of box.lines) {
            const width = textWidth(text, kind === 'name' ? 14 : 12, kind === 'name');
            expect(x + width).toBeLessThanOrEqual(box.width);
            expect(y).toBeLessThan(box.height);
          }
          for (const other of block.boxes) {
            if (other !== box) expect(overlap(box, other)).toBe(false);
          }
        }
      }
    }
  });

  it('keeps the inside of a group below its heading and within its edges', () => {
    for (const definition of samples) {
      for (const { block, around } of blocksOf(layOut(graphOf(definition)))) {
        if (around === undefined) continue;
        const heading = Math.max(...around.lines.map(({ y }) => y));
        expect(block.y).toBeGreaterThan(heading);
        expect(block.x).toBeGreaterThanOrEqual(0);
        expect(block.x + block.width).toBeLessThanOrEqual(around.width);
        expect(block.y + block.height).toBeLessThan(around.height);
      }
    }
  });

  it('leads every way down but jumps back, from edge to edge of its boxes', () => {
    const block = layOut(graphOf(flowOf(jumps)));
    const boxOf = (path: string) => block.boxes.find((box) => box.path === path)!;
    expect(block.edges).toHaveLength(5);
    for (const { from, to, points, label } of block.edges) {
      const isBack = label === 'repair';
      const isLoop = from === to;
      if (!isLoop) expect(boxOf(from).y < boxOf(to).y).toBe(!isBack);
      expect(isOnEdge(points[0]!, boxOf(from))).toBe(true);
      expect(isOnEdge(points.at(-1)!, boxOf(to))).toBe(true);
    }
  });
});

describe('drawSvg()', () => {
  it('gives the same bytes each time', () => {
    for (const definition of samples) expect(drawSvg(definition)).toBe(drawSvg(definition));
  });

  it('shows states as color and in words', () => {
    const [definition] = samples;
    const [first] = Object.keys(definition!.steps);
    const drawing = drawSvg(definition!, { [first!]: 'failed' });
    expect(drawing).toContain('"step failed"');
    expect(drawing).toContain('>failed</text>');
    expect(drawing).toContain('prefers-color-scheme:dark');
  });

  it('takes hostile text as text, and stays a picture', async () => {
    const hostile = '</text></svg><script>alert("x")</script>&amp;\u202e\u0000]]>\ud800\uffff';
    const drawing = drawSvg({ ...flowOf({ a: { task: 't@1', title: hostile } }), title: hostile });
    expect(drawing).not.toContain('<script');
    for (const sign of ['\u0000', '\u202e', '\ud800', '\uffff']) {
      expect(drawing).not.toContain(sign);
    }
    expect(drawing).toContain('&lt;/text&gt;');
    expect(await sharp(Buffer.from(drawing)).metadata()).toMatchObject({ format: 'svg' });
  });

  it('draws a chain of 1,000 steps', () => {
    const steps = Array.from({ length: 1000 }, (_, place) => [
      `s${place}`,
      { task: 't@1', ...(place === 0 ? {} : { after: [`s${place - 1}`] }) },
    ]);
    expect(drawSvg(flowOf(Object.fromEntries(steps))).match(/marker-end/g)).toHaveLength(999);
  });
});

describe('textWidth()', () => {
  it('is not below what a wide font takes', async () => {
    const measured = await inkWidth('i');
    if (measured === (await inkWidth('W'))) {
      return process.stderr.write('NOT TESTED: text widths, as this machine has no font\n');
    }
    for (const text of [
      'image.resize@1',
      'WWWWMMMM',
      'iiiilllltttt',
      'Größe, über 90%',
      '0123456789',
    ]) {
      for (const isBold of [false, true]) {
        expect(textWidth(text, 40, isBold)).toBeGreaterThanOrEqual(await inkWidth(text, isBold));
      }
    }
    return undefined;
  });
});

describe('breakLines()', () => {
  it('breaks at spaces, then inside of words, then ends with an ellipsis', () => {
    const rules = { width: 70, fontSize: 10, most: 2 };
    expect(breakLines('one two three four five', rules)).toEqual(['one two', 'three four…']);
    expect(breakLines('x'.repeat(30), rules).map((line) => line.length)).toEqual([10, 10]);
    expect(breakLines('', rules)).toEqual([]);
  });
});

const jumps: Steps = {
  fetch: { task: 't@1' },
  check: { task: 't@1', after: ['fetch'], routes: { repair: 'fetch', again: 'check' } },
  a: { task: 't@1', after: ['check'] },
  b: { task: 't@1', after: ['check'], title: 'A long title '.repeat(20) },
};

function flowOf(steps: Steps): FlowDefinition {
  return { flow: '1', name: 'drawn', version: '1.0.0', steps };
}

function blocksOf(
  block: PlacedBlock,
  around?: PlacedBox,
): { block: PlacedBlock; around: PlacedBox | undefined }[] {
  const inner = block.boxes.flatMap((box) =>
    box.inner === undefined ? [] : blocksOf(box.inner, box),
  );
  return [{ block, around }, ...inner];
}

function overlap(a: PlacedBox, b: PlacedBox): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function isOnEdge({ x, y }: { x: number; y: number }, box: PlacedBox): boolean {
  const near = (a: number, b: number) => Math.abs(a - b) < 0.5;
  const isWithin = x > box.x - 0.5 && x < box.x + box.width + 0.5;
  const isBeside = y > box.y - 0.5 && y < box.y + box.height + 0.5;
  const isAtSide = near(x, box.x) || near(x, box.x + box.width);
  return (isBeside && isAtSide) || (isWithin && (near(y, box.y) || near(y, box.y + box.height)));
}

/** Width of the ink of a text at 40 pixels, as the wide font draws it where there is one. */
async function inkWidth(text: string, isBold = false): Promise<number> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="80"><text x="10" y="50" font-size="40" font-weight="${isBold ? 600 : 400}" font-family="'DejaVu Sans', sans-serif">${text}</text></svg>`;
  const drawn = await sharp(Buffer.from(svg)).flatten({ background: 'white' }).png().toBuffer();
  const { info } = await sharp(drawn).trim().toBuffer({ resolveWithObject: true });
  return info.width;
}
