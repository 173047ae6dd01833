import { expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { checkFlightLocally } from '../../local-check.ts';
import { readSettings } from '../../platform/configuration.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

interface Truth {
  images: { name: string; findings: string[] }[];
  extra_files_findings: Record<string, string[]>;
}

describeWithRealData('a real flight', () => {
  it('that is faulty on purpose has the errors that its truth lists, and no others', async () => {
    const truth: Truth = JSON.parse(
      await readFile(realDataPath('synthetic-flight-faulty/truth.json'), 'utf8'),
    );
    const expected = new Map([
      ...truth.images.map(({ name, findings }) => [name, findings] as const),
      ...Object.entries(truth.extra_files_findings),
    ]);
    const { images, verdict, findings: ofFlight } = await check('synthetic-flight-faulty');
    expect(verdict).toBe('rejected');
    const ofControl = ofFlight.filter(({ scope }) => scope === 'control');
    expect(ofControl.filter(({ code }) => code === 'GCP_IMAGE_MISSING').length).toBe(1);
    expect(ofControl.filter(({ code }) => code === 'GCP_OUTSIDE_IMAGE')).toMatchObject([
      { subject: 'GCP05', values: { image: 'IMG_0010.JPG' } },
    ]);
    for (const { name, findings } of images) {
      const codes = findings.map(({ code }) => code);
      expect([name, codes]).toEqual([name, expect.arrayContaining(expected.get(name)!)]);
      const errors = findings.filter(({ severity }) => severity === 'error');
      for (const { code } of errors) expect(expected.get(name)).toContain(code);
    }
  }, 60_000);

  it('that was turned in a viewer has exactly these images named', async () => {
    const { images, verdict, strips, statistics } = await check('flight-brighton');
    expect(strips!.map((strip) => strip.images.length)).toEqual([6, 6, 6]);
    expect(statistics.groups).toEqual([
      { group: 'A', images: 9 },
      { group: 'B', images: 9 },
    ]);
    expect(statistics.geometry!.gsd!.median).toBeCloseTo((40 / 2340) * (4000 / 1280), 2);
    const edited = images.filter(({ findings }) =>
      findings.some(({ code }) => code === 'EDITED_IMAGE'),
    );
    const turned = [24, 25, 26, 27, 28, 29].map((number) => `DJI_00${number}.JPG`);
    expect(edited.map(({ name }) => name)).toEqual(turned);
    const inconsistent = images.filter(({ findings }) =>
      findings.some(
        ({ code, values }) => code === 'YAW_IMAGE_INCONSISTENT' && values['turnDegrees'] === 180,
      ),
    );
    expect(inconsistent.map(({ name }) => name)).toEqual(turned);
    // The first line flies over trees, where nothing can be found again.
    expect(statistics.orientation).toEqual({ fitting: 6, turned: 6, undecided: 6, untested: 0 });
    // A third of the flight has an error; its images can be used once they are turned.
    expect(verdict).toBe('rejected');
    expect(images.every(({ usable }) => usable)).toBe(true);
  }, 60_000);

  it('that is sound has the doubts of its layout, and none of its images', async () => {
    const { images, findings, verdict, strips, control, statistics } =
      await check('synthetic-flight-clean');
    expect(findings.map(({ code, severity, subject }) => [code, severity, subject])).toEqual([
      ['OVERLAP_LOW', 'warning', 'synthetic-flight-clean'],
      ['OVERLAP_LOW', 'warning', 'synthetic-flight-clean'],
      ['GCP_FEW_RAYS', 'warning', 'GCP02'],
      ['GCP_FEW_RAYS', 'warning', 'GCP15'],
    ]);
    expect(images.flatMap((image) => image.findings)).toEqual([]);
    expect(verdict).toBe('accepted_with_warnings');
    expect(strips!.map((strip) => strip.images.length)).toEqual([4, 4, 4]);
    expect(control!.length).toBe(14);
    // The generator was asked for 75 and 60 % at 80 m with 420 pixels: 19 cm.
    const { forwardOverlap, sideOverlap, gsd } = statistics.geometry!;
    expect(forwardOverlap!.median).toBeCloseTo(0.75, 1);
    expect(sideOverlap!.median).toBeCloseTo(0.6, 1);
    expect(gsd!.median).toBeCloseTo(0.19, 2);
  }, 60_000);

  it('that looks obliquely has no finding', async () => {
    const { images, findings, verdict } = await check('flight-p4rtk-oblique');
    expect([...findings, ...images.flatMap((image) => image.findings)]).toEqual([]);
    expect(verdict).toBe('accepted');
  }, 60_000);
});

async function check(name: string) {
  return checkFlightLocally(realDataPath(name), {
    settings: readSettings({ SKYLOOM_HOME: await scratchFolder() }),
    jobId: name,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
}
