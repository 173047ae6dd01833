import { expect, it } from '@jest/globals';
import { chmod, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { checkFlightLocally } from '../../local-check.ts';
import { readSettings } from '../../platform/configuration.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';
import { zipFile } from '../support/zip-file.ts';
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

  it('is as high above ground as the model beside it says, and names one that cannot be read', async () => {
    const folder = await scratchFolder();
    await cp(realDataPath('flight-p4rtk-oblique/images'), join(folder, 'images'), {
      recursive: true,
    });
    const dem = join(folder, 'dem.tif');
    await cp(realDataPath('flight-p4rtk-oblique/odm_dem/dsm.tif'), dem);
    const { findings, statistics } = await checkFolder(folder);
    expect(findings).toEqual([]);
    const { heightsFrom, gsd } = statistics.geometry!;
    expect(heightsFrom).toEqual({ groundModel: 4, takeOff: 0, levelGround: 0 });
    // By the record above take-off all have 0.188 m: the ground rises by up to a quarter of that height.
    expect(gsd!.minimum).toBeCloseTo(0.142, 3);
    expect(gsd!.maximum).toBeCloseTo(0.172, 3);
    const images = await readdir(join(folder, 'images'));
    const packed = ['dem.tif', ...images.map((name) => `images/${name}`)];
    const archive = join(folder, 'flight.zip');
    const contents = packed.map(async (name) => ({
      name,
      content: await readFile(join(folder, name)),
    }));
    await writeFile(archive, zipFile(await Promise.all(contents)));
    const { groundModel, ...inArchive } = await checkFolder(archive);
    expect(inArchive.statistics).toEqual(statistics);
    expect(groundModel!.name).toBe('dem.tif');
    await rm(archive);
    await chmod(dem, 0o644);
    await writeFile(dem, 'no model');
    const without = await checkFolder(folder);
    expect(without.findings).toMatchObject([
      { code: 'CRS_UNKNOWN', severity: 'warning', scope: 'file', subject: 'dem.tif' },
    ]);
    expect(without.verdict).toBe('accepted_with_warnings');
    expect(without.statistics.geometry!.gsd!.median).toBeCloseTo(0.188, 3);
  }, 60_000);

  it('from a survey camera is placed by its list, and named for what its files lack', async () => {
    const { images, statistics, verdict, strips } = await check('aerial-ngi');
    expect(statistics.positionFile).toBe('ngi_xyz_opk.csv');
    expect(statistics.positions).toBe(4);
    expect(strips!.map((strip) => strip.images.length)).toEqual([2, 2]);
    for (const { usable, findings } of images) {
      expect(usable).toBe(true);
      const codes = findings.map(({ code }) => code);
      expect(codes.toSorted()).toEqual(['EXIF_MISSING', 'FOCAL_UNKNOWN', 'TIME_MISSING']);
    }
    expect(verdict).toBe('accepted_with_warnings');
  }, 60_000);

  it('of hostile files has one fault named of each that is damaged, and reads the others', async () => {
    const { images } = await check('hostile');
    const errors = new Map(
      images.map(({ name, findings }) => [
        name,
        findings.filter(({ severity }) => severity === 'error').map(({ code }) => code),
      ]),
    );
    expect(Object.fromEntries(errors)).toEqual({
      'bomb_20000x20000.png': ['IMAGE_TOO_LARGE'],
      'bomb_header_65500.jpg': ['IMAGE_TOO_LARGE'],
      'date_garbage.jpg': ['GPS_MISSING'],
      'empty.jpg': ['FILE_EMPTY'],
      'exif_huge_count.jpg': ['GPS_MISSING'],
      // Read around its loop, its tags name a maker that the others have not.
      'exif_ifd_loop.jpg': ['GPS_MISSING', 'CAMERA_MISMATCH'],
      'gps_below_sea.jpg': [],
      'gps_no_ref.jpg': [],
      'gps_out_of_range.jpg': ['GPS_INVALID'],
      'gps_zero_denominator.jpg': ['GPS_INVALID'],
      'gps_zero_zero.jpg': ['GPS_ZERO'],
      'html_named.jpg': ['NOT_AN_IMAGE'],
      'no_eoi.jpg': ['IMAGE_TRUNCATED'],
      'only_soi.jpg': ['IMAGE_TRUNCATED'],
      'text_named.jpg': ['NOT_AN_IMAGE'],
      'tiff_absurd_size.tif': ['IMAGE_CORRUPT'],
      'tiff_ifd_loop.tif': ['IMAGE_CORRUPT'],
      'tiff_ifd_past_end.tif': ['IMAGE_TRUNCATED'],
      'trailing_garbage.jpg': ['GPS_MISSING'],
      'truncated_half.jpg': ['IMAGE_TRUNCATED'],
      'xmp_entity_expansion.jpg': ['GPS_MISSING'],
      'zero_height.jpg': ['IMAGE_CORRUPT'],
    });
    const below = images.find(({ name }) => name === 'gps_below_sea.jpg')!;
    expect(below.description!.position!.altitude).toBe(-420);
    for (const { findings } of images.filter(({ name }) => name.startsWith('bomb_'))) {
      expect(findings.map(({ code }) => code)).toEqual(['IMAGE_TOO_LARGE']);
    }
  }, 60_000);

  it('of odd tags is read to its end, each image on its own', async () => {
    const { images } = await check('exif-misc');
    expect(images.length).toBe(13);
    const adobe = images.find(({ name }) => name.endsWith('adobe_coords.jpg'))!;
    // "0,4.216S": degrees and minutes, and a letter.
    expect(adobe.description!.position!.latitude).toBeCloseTo(-4.216 / 60, 5);
    expect(adobe.findings.map(({ code }) => code)).toContain('EDITED_IMAGE');
    expect(
      images.flatMap(({ findings }) => findings).filter(({ code }) => code.startsWith('IMAGE_')),
    ).toEqual([]);
  }, 60_000);
});

function check(name: string) {
  return checkFolder(realDataPath(name));
}

async function checkFolder(folder: string) {
  return checkFlightLocally(folder, {
    settings: readSettings({ SKYLOOM_HOME: await scratchFolder() }),
    jobId: basename(folder),
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
}
