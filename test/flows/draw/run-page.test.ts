import { describe, expect, it } from '@jest/globals';
import { runPage, type RunPageContent } from '../../../flows/draw/run-page.ts';
import { imagesIn } from '../../../flows/io/run-pictures.ts';
import { createProbe, flowOf, probe, runProbe } from '../support/probe.ts';

const sheet = {
  sha256: 'a'.repeat(64),
  bytes: 9,
  mediaType: 'image/png',
  name: '<sheet>.png',
  width: 40,
  height: 30,
  isListed: false,
};

describe('the page of a run', () => {
  it('shows steps, pictures and figures, and takes no name for markup', async () => {
    const page = runPage({
      ...(await contentOf(false)),
      images: [sheet, { ...sheet, sha256: 'b'.repeat(64), name: 'large.png', bytes: 9e9 }],
      pictures: new Map([[sheet.sha256, 'data:image/png;base64,AAAA']]),
    });
    expect(page).toContain('<span class="verdict pass">done</span>');
    expect(page).toContain('src="data:image/png;base64,AAAA"');
    expect(page).toContain('&lt;sheet&gt;.png, 40 x 30');
    expect(page).not.toContain('<sheet>');
    expect(page).toContain('b'.repeat(64));
    const drawing = /src="data:image\/svg\+xml,([^"]+)"/.exec(page)![1]!;
    expect(decodeURIComponent(drawing)).toContain('<title>first: test.probe@1 (done)</title>');
    expect(page).not.toContain('<h2>Failed</h2>');
  });

  it('says first what failed, and where', async () => {
    const page = runPage(await contentOf(true));
    expect(page).toContain('<span class="verdict fail">failed</span>');
    expect(page).toMatch(/<strong>second<\/strong>: Cannot do &quot;second&quot;/);
    expect(page).toMatch(/<dt>Steps failed<\/dt>\s*<dd>1<\/dd>/);
  });

  it('draws no more steps than a worker has time for, and says so', async () => {
    const steps = Object.fromEntries(
      Array.from({ length: 151 }, (_, index) => [`s${index}`, probe()]),
    );
    const { task } = createProbe();
    const definition = flowOf(steps);
    const result = await runProbe(definition, [task]);
    const page = runPage({ ...(await contentOf(false)), definition, result });
    expect(page).toContain('151 steps are too many for a picture here');
    expect(page).not.toContain('data:image/svg');
  });
});

async function contentOf(fails: boolean): Promise<RunPageContent> {
  const { task } = createProbe();
  const definition = flowOf({
    first: probe({ value: 1 }),
    second: probe({ fail: fails, value: { $from: 'first' } }),
  });
  const result = await runProbe(definition, [task]);
  return { definition, digest: 'd'.repeat(64), result, output: 1, images: [], pictures: new Map() };
}

describe('the images of an output', () => {
  it('are each named once, those that stand alone first', () => {
    const [alone, both, listed] = ['a', 'b', 'c'].map((name) => ({
      sha256: name.repeat(64),
      bytes: 9,
      mediaType: 'image/png',
      name,
      width: 4,
      height: 3,
    }));
    const output = { items: [{ image: listed }, both, null, 'x'], sheet: alone, best: { both } };
    expect(imagesIn(output).map(({ name, isListed }) => [name, isListed])).toEqual([
      ['b', false],
      ['a', false],
      ['c', true],
    ]);
  });
});
