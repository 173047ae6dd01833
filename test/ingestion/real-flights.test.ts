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
    const { images, verdict } = await check('synthetic-flight-faulty');
    expect(verdict).toBe('rejected');
    for (const { name, findings } of images) {
      const codes = findings.map(({ code }) => code);
      expect([name, codes]).toEqual([name, expect.arrayContaining(expected.get(name)!)]);
      const errors = findings.filter(({ severity }) => severity === 'error');
      for (const { code } of errors) expect(expected.get(name)).toContain(code);
    }
  }, 60_000);

  it('that was turned in a viewer has exactly these images named', async () => {
    const { images, verdict } = await check('flight-brighton');
    const edited = images.filter(({ findings }) =>
      findings.some(({ code }) => code === 'EDITED_IMAGE'),
    );
    const turned = [24, 25, 26, 27, 28, 29].map((number) => `DJI_00${number}.JPG`);
    expect(edited.map(({ name }) => name)).toEqual(turned);
    expect(verdict).toBe('accepted_with_warnings');
  }, 60_000);

  it.each(['synthetic-flight-clean', 'flight-p4rtk-oblique'])(
    '%s has no finding',
    async (name) => {
      const { images, findings, verdict } = await check(name);
      expect([...findings, ...images.flatMap((image) => image.findings)]).toEqual([]);
      expect(verdict).toBe('accepted');
    },
    60_000,
  );
});

async function check(name: string) {
  return checkFlightLocally(realDataPath(name), {
    settings: readSettings({ SKYLOOM_HOME: await scratchFolder() }),
    jobId: name,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
}
