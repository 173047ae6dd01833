import { describe, expect, it } from '@jest/globals';
import type { ControlPoint, FlightImage } from '../../../contracts/flight.ts';
import { ManifestBuilder } from '../../../ingestion/model/manifest.ts';
import { flightImage } from '../../support/flight-image.ts';

const base = flightImage('x').description!;

/** Eight images in two rows, some 30 m apart. */
const flight: FlightImage[] = Array.from({ length: 8 }, (_, index) =>
  flightImage(`IMG_${index + 1}.JPG`, {
    capturedAt: `2026-05-04T10:00:0${index}`,
    position: {
      ...base.position!,
      latitude: 48.1 + 0.0003 * (index % 4),
      longitude: 11.5 + 0.0004 * Math.floor(index / 4),
    },
  }),
);

/** A point in the middle of three images. */
function point(name: string, more: Partial<ControlPoint> = {}): ControlPoint {
  const number = Number(name.slice(1));
  return {
    name,
    role: 'control',
    crs: 'EPSG:4326',
    x: 0,
    y: 0,
    z: 500 + number,
    latitude: 48.1 + 0.0003 * (number % 4),
    longitude: 11.5 + 0.0004 * (number % 2),
    observations: ['IMG_1.JPG', 'IMG_2.JPG', 'IMG_3.JPG'].map((image) => ({ image, u: 9, v: 9 })),
    ...more,
  };
}

const five = ['P1', 'P2', 'P3', 'P4', 'P5'].map((name) => point(name));

function controlOf(points: ControlPoint[], images = flight) {
  const builder = new ManifestBuilder({
    poseFile: null,
    poses: {},
    findings: [],
    control: points,
  });
  builder.survey(images);
  builder.locate(images);
  builder.judge(images);
  const { control, findings } = builder.build('test', []);
  const said = findings.filter(({ scope }) => scope === 'control');
  return { control: control!, findings: said, codes: said.map(({ code }) => code) };
}

describe('the control of a flight', () => {
  it('has nothing to be said of when it is enough', () => {
    expect(controlOf(five).codes).toEqual([]);
  });

  it('finds images in any case of letters, and keeps a row whose image is not there', () => {
    const seen = ['img_1.jpg', 'IMG_2', 'IMG_3.JPG', 'IMG_99.JPG'].map((image) => ({
      image,
      u: 1,
      v: 2,
    }));
    const { control, findings } = controlOf([...five, point('P6', { observations: seen })]);
    expect(control[5]!.observations).toEqual([
      { image: 'IMG_1.JPG', u: 1, v: 2 },
      { image: 'IMG_2.JPG', u: 1, v: 2 },
      { image: 'IMG_3.JPG', u: 1, v: 2 },
      { image: 'IMG_99.JPG', u: 1, v: 2, doubt: 'image_missing' },
    ]);
    expect(findings).toMatchObject([
      { code: 'GCP_IMAGE_MISSING', values: { image: 'IMG_99.JPG', rows: 1 } },
    ]);
  });

  it('does not use a mark outside of its image, which reaches half a pixel beyond', () => {
    const marks: [number, number][] = [
      [-0.5, 299.5],
      [399.5, -0.5],
      [-0.6, 5],
      [5, 299.6],
    ];
    const observations = marks.map(([u, v], index) => ({ image: `IMG_${index + 1}.JPG`, u, v }));
    const { control, codes } = controlOf([...five, point('P6', { observations })]);
    expect(control[5]!.observations.map(({ doubt }) => doubt ?? 'used')).toEqual([
      'used',
      'used',
      'outside_image',
      'outside_image',
    ]);
    expect(codes).toEqual(['GCP_OUTSIDE_IMAGE', 'GCP_OUTSIDE_IMAGE', 'GCP_FEW_RAYS']);
  });

  it('brings marks of the originals to images that were made smaller', () => {
    const small = flight.map((image) => ({
      ...image,
      description: { ...image.description!, originalWidth: 1600, originalHeight: 1200 },
    }));
    const corner = five[0]!.observations.map(({ image }) => ({ image, u: 1599, v: 1199 }));
    const { control, codes } = controlOf(
      [{ ...five[0]!, observations: corner }, ...five.slice(1)],
      small,
    );
    expect(codes).toEqual(['GCP_RESCALED']);
    // The outer corner of the last pixel stays the outer corner: 1599.5 of 1600 is 399.875 of 400.
    expect(control[0]!.observations[0]).toEqual({ image: 'IMG_1.JPG', u: 399.375, v: 299.375 });
    expect(control[1]!.observations[0]).toEqual({ image: 'IMG_1.JPG', u: 1.875, v: 1.875 });
  });

  it('says when points are seen too rarely, are too few, or of one height', () => {
    const rare = (count: number) => five[0]!.observations.slice(0, count);
    expect(
      controlOf([
        point('P1', { observations: rare(1) }),
        point('P2', { observations: rare(2) }),
        ...five.slice(2),
      ]).findings,
    ).toMatchObject([
      { code: 'GCP_FEW_RAYS', severity: 'error', subject: 'P1' },
      { code: 'GCP_FEW_RAYS', severity: 'warning', subject: 'P2' },
    ]);
    expect(controlOf(five.slice(0, 4)).findings).toMatchObject([
      { code: 'GCP_TOO_FEW', severity: 'warning' },
    ]);
    expect(controlOf(five.slice(0, 2)).findings).toMatchObject([
      { code: 'GCP_TOO_FEW', severity: 'error' },
    ]);
    expect(controlOf(five.map((each) => ({ ...each, z: 7 }))).codes).toContain('GCP_FLAT_HEIGHT');
  });

  it('says when it holds a corner of the flight only', () => {
    const corner = five.map((each) => ({
      ...each,
      latitude: 48.1 + (each.latitude - 48.1) / 3,
      longitude: 11.5 + (each.longitude - 11.5) / 3,
    }));
    expect(controlOf(corner).codes).toEqual(['GCP_HULL_SMALL']);
  });

  it('recognizes exchanged axes, and control of another country', () => {
    const swapped = five.map((each) => ({
      ...each,
      latitude: each.longitude,
      longitude: each.latitude,
    }));
    expect(controlOf(swapped).findings).toMatchObject([
      { code: 'CRS_SUSPECT', severity: 'error', values: { swapped: true } },
    ]);
    const away = five.map((each) => ({ ...each, latitude: each.latitude - 5 }));
    expect(controlOf(away).findings).toMatchObject([
      { code: 'CRS_SUSPECT', values: { swapped: false } },
    ]);
  });

  it('tells altitudes of another datum from the heights of control', () => {
    const builder = (z: number) =>
      new ManifestBuilder({
        poseFile: null,
        poses: {},
        findings: [],
        control: five.map((each) => ({ ...each, z })),
      });
    const codes = (z: number) => {
      const built = builder(z);
      built.survey(flight);
      built.locate(flight);
      return built.build('test', []).findings.map(({ code }) => code);
    };
    // The images record 600 m, 100 m above take-off.
    expect(codes(496)).not.toContain('ALTITUDE_DATUM_SUSPECT');
    expect(codes(455)).toContain('ALTITUDE_DATUM_SUSPECT');
  });
});
