import { describe, expect, it } from '@jest/globals';
import type { FlightImage } from '../../../contracts/flight.ts';
import { ManifestBuilder } from '../../../ingestion/model/manifest.ts';
import { enuToGeodetic } from '../../../maths/geodesy.ts';
import { flightImage } from '../../support/flight-image.ts';

const origin = { latitudeDegrees: 48.1, longitudeDegrees: 11.5, heightMeters: 500 };
const base = flightImage('x').description!;

/** 20 x 15 m of ground, 5 cm a pixel, taken at a place in meters east and north. */
function imageAt(
  name: string,
  [east, north]: [number, number],
  second: number,
  more: Partial<FlightImage['description'] & object> = {},
): FlightImage {
  const { latitudeDegrees, longitudeDegrees } = enuToGeodetic([east, north, 0], origin);
  return flightImage(name, {
    position: { ...base.position!, latitude: latitudeDegrees, longitude: longitudeDegrees },
    capturedAt: `2026-05-04T10:00:${String(second).padStart(2, '0')}.5`,
    ...more,
  });
}

/** Lines to the north and back, of images whose short side lies along the line. */
function lawn(along: number, across: number, more: Parameters<typeof imageAt>[3] = {}) {
  return Array.from({ length: 18 }, (_, index) => {
    const [line, step] = [Math.floor(index / 6), index % 6];
    const north = along * (line % 2 === 0 ? step : 5 - step);
    const attitude = { yaw: line % 2 === 0 ? 0 : 180, pitch: -90, roll: 0 };
    const name = `IMG_${100 + index}.JPG`;
    return imageAt(name, [line * across, north], 2 * index, { attitude, ...more });
  });
}

function judge(flight: FlightImage[]) {
  const builder = new ManifestBuilder();
  builder.survey(flight);
  builder.locate(flight);
  const images = builder.judge(flight);
  const manifest = builder.build('test', []);
  return { images, manifest, codes: manifest.findings.map(({ code }) => code) };
}

describe('the chart of a flight', () => {
  it('gives the overlaps that the spacing of its images says', () => {
    const { manifest, codes } = judge(lawn(3, 6));
    const { forwardOverlap, sideOverlap, gsd, holeShare } = manifest.statistics.geometry!;
    expect(forwardOverlap).toMatchObject({ n: 15 });
    expect(forwardOverlap!.median).toBeCloseTo(1 - 3 / 15, 3);
    expect(sideOverlap!.median).toBeCloseTo(1 - 6 / 20, 3);
    expect(gsd!.median).toBeCloseTo(0.05, 6);
    expect(holeShare).toBe(0);
    expect(codes).toEqual([]);
    expect(manifest.strips!.map(({ images }) => images.length)).toEqual([6, 6, 6]);
  });

  it.each([
    [5, 6, 'forward', 'warning'],
    [6.5, 6, 'forward', 'error'],
    [3, 10, 'side', 'warning'],
    [3, 13, 'side', 'error'],
  ])('says when lines of %d and %d m overlap too little', (along, across, direction, severity) => {
    const { manifest } = judge(lawn(along, across));
    const found = manifest.findings.filter(({ code }) => code === 'OVERLAP_LOW');
    expect(found).toMatchObject([{ severity, scope: 'flight', values: { direction } }]);
    expect(manifest.verdict).toBe(severity === 'error' ? 'rejected' : 'accepted_with_warnings');
  });

  it('says when ground below the flight is seen too rarely', () => {
    const whole = lawn(5, 6);
    const holed = whole.filter((_, index) => [0, 1, 4, 5, 6, 7, 10, 11].includes(index));
    expect(judge(whole.slice(0, 12)).codes).not.toContain('COVERAGE_HOLE');
    expect(judge(holed).codes).toContain('COVERAGE_HOLE');
  });

  it('does not judge the overlap of a flight that looks aside', () => {
    const oblique = { attitude: { yaw: 0, pitch: -50, roll: 0 } };
    const { codes, manifest } = judge(lawn(12, 13, oblique));
    expect(codes).not.toContain('OVERLAP_LOW');
    expect(manifest.statistics.geometry!.tiltDegrees!.median).toBeCloseTo(40, 2);
  });

  it('names an image that was taken farther away than anything flies', () => {
    const flight = lawn(3, 6);
    flight[7] = imageAt('IMG_107.JPG', [6, 300], 14);
    const { images } = judge(flight);
    const fast = images.filter(({ findings }) => findings.some(({ code }) => code === 'GPS_SPEED'));
    expect(fast.map(({ name }) => name)).toEqual(['IMG_107.JPG', 'IMG_108.JPG']);
  });

  it('predicts the blur of motion from the speed over ground', () => {
    // 1.5 m/s by places and times: 0.6 pixels in 1/50 s, 2.4 pixels at 6 m/s.
    const slow = judge(lawn(3, 6, { exposureSeconds: 1 / 50 })).images[1]!.findings;
    expect(slow).toMatchObject([{ code: 'MOTION_BLUR_PREDICTED', severity: 'warning' }]);
    expect(slow[0]!.values['pixels']).toBeCloseTo(0.6, 3);
    const fast = judge(lawn(3, 6, { exposureSeconds: 1 / 50, groundSpeed: 6 })).images[1]!.findings;
    expect(fast).toMatchObject([{ code: 'MOTION_BLUR_PREDICTED', severity: 'error' }]);
    expect(judge(lawn(3, 6, { exposureSeconds: 1 / 100 })).images[1]!.findings).toEqual([]);
  });

  it('tells tilted images of a flight that looks down', () => {
    const flight = lawn(3, 6);
    const tilted = (pitch: number) => ({ attitude: { yaw: 0, pitch, roll: 0 } });
    flight[4] = imageAt('IMG_104.JPG', [0, 12], 8, tilted(-83));
    flight[5] = imageAt('IMG_105.JPG', [0, 15], 10, tilted(-70));
    const { images } = judge(flight);
    expect(images[4]!.findings).toMatchObject([{ code: 'TILT_HIGH', severity: 'info' }]);
    expect(images[5]!.findings).toMatchObject([{ code: 'TILT_HIGH', severity: 'warning' }]);
  });

  it('says when most images are turned from their lines, and less loudly of a multirotor', () => {
    const turned = { attitude: { yaw: 90, pitch: -90, roll: 0 } };
    const finding = (more: object) =>
      judge(lawn(3, 6, { ...turned, ...more })).manifest.findings.find(
        ({ code }) => code === 'YAW_TRACK_MISMATCH',
      );
    expect(finding({})).toMatchObject({ severity: 'warning', values: { away: 18 } });
    expect(finding({ make: 'DJI' })).toMatchObject({ severity: 'info' });
  });

  it('names images that show again what another shows', () => {
    const seen = (pixelHash: string, differenceHash: string) => ({
      measures: { ...base.measures!, pixelHash, differenceHash },
    });
    const flight = [
      imageAt('IMG_1.JPG', [0, 0], 0, seen('a', '00ff00ff00ff00ff')),
      imageAt('IMG_2.JPG', [0, 3], 2, seen('a', '1234567812345678')),
      imageAt('IMG_3.JPG', [0.1, 0], 4, seen('b', '00ff00ff00ff00fc')),
      imageAt('IMG_4.JPG', [0, 3], 2, seen('c', 'fedcba9876543210')),
      imageAt('IMG_5.JPG', [5, 0], 9, seen('d', '00ff00ff00ff00ff')),
    ];
    const { images } = judge(flight);
    const said = images.map(({ findings }) =>
      findings
        .filter(({ code }) => code.startsWith('DUPLICATE'))
        .map(({ code, values }) => `${code} ${values['other']}`),
    );
    expect(said).toEqual([
      [],
      ['DUPLICATE_PIXELS IMG_1.JPG'],
      ['DUPLICATE_CAPTURE IMG_1.JPG'],
      ['DUPLICATE_CAPTURE IMG_2.JPG'],
      [],
    ]);
  });

  it('takes the bands of one capture for one exposure', () => {
    const flight = lawn(3, 6).flatMap((image, index) =>
      [1, 2].map((band) =>
        imageAt(`${image.name.slice(0, 7)}_${band}.TIF`, [0, 3 * index], 2 * index, {
          band: { capture: `C${index}`, name: band === 1 ? 'Green' : 'NIR', index: band },
          ...(band === 2 ? { width: 300, height: 225 } : {}),
        }),
      ),
    );
    const { images, manifest } = judge(flight);
    expect(images.flatMap(({ findings }) => findings)).toEqual([]);
    expect(manifest.statistics.multiBandCaptures).toBe(18);
    expect(manifest.strips).toMatchObject([{ images: flight.map(({ name }) => name) }]);
    expect(manifest.statistics.geometry!.forwardOverlap!.n).toBe(17);
  });
});
