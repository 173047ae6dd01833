import { describe, expect, it } from '@jest/globals';
import { PlanBuilder } from '../../accuracy/model/plan-builder.ts';
import { assessImage } from '../../accuracy/model/image-accuracy.ts';
import { FlightAccuracyBuilder } from '../../accuracy/model/flight-accuracy.ts';
import type { FlightAccuracy } from '../../contracts/accuracy.ts';
import type { FlightManifest, ImageDescription } from '../../contracts/flight.ts';
import { canonicalJson } from '../../maths/canonical-json.ts';
import { finishedFlight } from '../orchestrator/model/report/assessed-flight.ts';

type Control = NonNullable<FlightManifest['control']>;

/** A good flight of twelve images and six points, after something was done to it. */
function assess(change: {
  control?: (control: Control) => Control;
  description?: Partial<ImageDescription>;
  findings?: FlightManifest['findings'];
}): FlightAccuracy {
  const flight = finishedFlight(12, 6);
  const control = (change.control ?? ((same) => same))(flight.manifest.control!);
  const manifest = { ...flight.manifest, control, findings: change.findings ?? [] };
  const images = flight.images.map((image) => ({
    ...image,
    description: { ...image.description!, ...change.description },
  }));
  const planner = new PlanBuilder({ accuracyClass: 10, gate: { requiredPoints: 6 } }, manifest);
  planner.add(images);
  const plan = planner.build();
  const builder = new FlightAccuracyBuilder();
  builder.add(images.map((image) => assessImage(image, { plan, terrain: null })));
  const accuracy = builder.build(manifest, [], plan);
  // Refuses what is not finite.
  expect(canonicalJson(accuracy)).not.toMatch(/NaN|Infinity/);
  return accuracy;
}

const elsewhere = (control: Control): Control =>
  control.map((point) => ({ ...point, latitude: point.latitude + 3 }));

describe('a flight with bad input', () => {
  it.each<[string, Parameters<typeof assess>[0], RegExp]>([
    ['no control', { control: () => [] }, /no list of surveyed points.*--control/],
    ['points in another place', { control: elsewhere }, /more than 20 km from every image/],
    [
      'points in another system, whose cause ingestion has found',
      {
        control: elsewhere,
        findings: [
          {
            code: 'CRS_SUSPECT',
            severity: 'error',
            scope: 'control',
            subject: 'control',
            message: 'x and y are exchanged',
            values: {},
          },
        ],
      },
      /x and y are exchanged/,
    ],
    [
      'names of images that do not fit',
      {
        control: (control) =>
          control.map((point) => ({
            ...point,
            observations: point.observations.map((seen) => ({ ...seen, image: 'other.jpg' })),
          })),
      },
      /do the names of the images in the list fit/,
    ],
    ['one point', { control: ([first]) => [first!] }, /1 distinct check points of the 6 required/],
    [
      'all points in one image',
      {
        control: (control) =>
          control.map((point) => ({
            ...point,
            observations: point.observations.filter(({ image }) => image === 'IMG_00006.JPG'),
          })),
      },
      /distinct check points of the 6 required/,
    ],
    [
      'level control',
      { control: (control) => control.map((point) => ({ ...point, z: 500 })) },
      /suspected blunders/,
    ],
    [
      'no attitude',
      { description: { attitude: null } },
      /no check point was evaluated: in (\d+) of \1 no attitude record: supply yaw, pitch and roll/,
    ],
    [
      'no focal length',
      { description: { focalPixels: null } },
      /no check point was evaluated: .*no focal length in pixels: supply it with --camera/,
    ],
    [
      'a fisheye lens',
      { description: { lens: 'fisheye' } },
      /no check point was evaluated: .*fisheye.*supply images freed of distortion/,
    ],
    [
      'no position',
      { description: { position: null } },
      /no image has a position: supply x, y and z/,
    ],
  ])('with %s is for review, and says what is missing', (_words, change, reason) => {
    const { verdict, reasons } = assess(change);
    expect(verdict).toBe('review');
    expect(reasons.join('; ')).toMatch(reason);
  });

  it('says of each observation that could not be used why', () => {
    const { ground } = assess({ description: { attitude: null } });
    expect(ground!.unusable.length).toBeGreaterThan(6);
    for (const { reason } of ground!.unusable) expect(reason).toBe('no attitude record');
    expect(ground!.points).toEqual([]);
    const fisheye = assess({ description: { lens: 'fisheye' } }).ground!;
    expect(fisheye.unusable[0]!.reason).toContain('fisheye');
  });

  it('says what level control cannot tell apart, and makes up no number for it', () => {
    const { ground } = assess({
      control: (control) => control.map((point) => ({ ...point, z: 500 })),
    });
    const { boresight } = ground!;
    if ('reason' in boresight) throw new Error(boresight.reason);
    const entangled = boresight.entangled.map(({ between }) => between.toSorted().join());
    expect(entangled).toContain('bias up,focal length');
  });

  it('says what delay of the camera a shift along all headings would be, and that it may be another', () => {
    const north = 0.5 / 111_200;
    const { ground } = assess({
      control: (control) =>
        control.slice(1).map((point) => ({ ...point, latitude: point.latitude - north })),
      description: { groundSpeed: 10 },
    });
    const { alongMeters, seconds, isToAndFro } = ground!.triggerDelay!;
    expect(Math.abs(alongMeters - 0.5)).toBeLessThan(0.01);
    expect(Math.abs(seconds + 0.05)).toBeLessThan(0.001);
    expect(isToAndFro).toBe(false);
    expect(assess({}).ground!.triggerDelay).toBeNull();
  });

  it('does not make up heights of points that were measured without', () => {
    const { ground } = assess({
      control: (control) => control.map((point) => ({ ...point, z: null })),
    });
    expect(ground!.statistics!.up).toBeNull();
    for (const { up, reason } of ground!.points) {
      expect(up).toBeNull();
      expect(reason).not.toBeNull();
    }
  });

  it('takes off the height of a geoid, says so, and does not judge heights', () => {
    const { ground, findings } = assess({
      control: (control) => control.map((point) => ({ ...point, z: point.z! - 47 })),
    });
    expect(ground!.heightOffset!.meters).toBeCloseTo(47, 0);
    expect(ground!.heightOffset!.isTakenOff).toBe(true);
    expect(findings.map(({ code }) => code)).toContain('ALTITUDE_DATUM_SUSPECT');
    expect(ground!.verticalNotAssessed).toContain('datum');
    expect(ground!.statisticsWithoutSuspects!.rmseHorizontal).toBeLessThan(0.05);
  });
});
