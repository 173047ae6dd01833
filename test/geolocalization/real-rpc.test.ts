import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromFile } from 'geotiff';
import { chipOffset, shiftOrigin } from '../../geolocalization/model/rpc/chip-offset.ts';
import { estimateBias } from '../../geolocalization/model/rpc/image-bias.ts';
import { locateOnTerrain } from '../../geolocalization/model/rpc/locate-on-terrain.ts';
import { locatePixel } from '../../geolocalization/model/rpc/locate-pixel.ts';
import { parseRpc } from '../../geolocalization/model/rpc/parse-rpc.ts';
import { projectGround } from '../../geolocalization/model/rpc/project-ground.ts';
import {
  type RationalPolynomials,
  statedSigmaMeters,
} from '../../geolocalization/model/rpc/rational-polynomials.ts';
import { parseRpcTag } from '../../geolocalization/model/rpc/rpc-tag.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';

/** Of a printed pixel: files carry six decimals. */
const PIXEL = 1e-6;
/** Degrees: 0.1 mm. */
const DEGREE = 1e-9;

const at = (longitudeDegrees: number, latitudeDegrees: number, heightMeters: number) => ({
  longitudeDegrees,
  latitudeDegrees,
  heightMeters,
});

function expectPixel(found: { sample: number; line: number }, sample: number, line: number) {
  expect(Math.abs(found.sample - sample)).toBeLessThanOrEqual(PIXEL);
  expect(Math.abs(found.line - line)).toBeLessThanOrEqual(PIXEL);
}

describeWithRealData('the sensor model of a QuickBird chip', () => {
  it.each([
    [24.4057, -33.6726, 703, 647.687012, 393.282906],
    [24.42, -33.66, 300, 834.510302, 163.950215],
    [24.38, -33.7, 900, 292.027387, 875.752557],
  ])('sees %d E %d N %d m where it is known to be', async (lon, lat, h, sample, line) => {
    expectPixel(projectGround(await quickBird(), at(lon, lat, h)), sample, line);
  });

  it.each([
    [0, 0, 703, 24.359766637, -33.648470106],
    [849, 0, 703, 24.419963001, -33.649941815],
    [849, 1449, 703, 24.420206928, -33.73459767],
    [0, 1449, 703, 24.359854767, -33.733291058],
    [0, 0, 300, 24.360754067, -33.648969587],
  ])('locates pixel %d %d at %d m', async (sample, line, height, lon, lat) => {
    const place = locatePixel(await quickBird(), { sample, line }, height)!;
    expect(Math.abs(place.longitudeDegrees - lon)).toBeLessThan(DEGREE);
    expect(Math.abs(place.latitudeDegrees - lat)).toBeLessThan(DEGREE);
  });

  it('comes back to the place it started from, wherever it is', async () => {
    const rpc = await quickBird();
    const share = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, share, (l, p, h) => {
        const ground = at(24.4057 + 0.0995 * l, -33.6726 + 0.0737 * p, 703 + 501 * h);
        const back = locatePixel(rpc, projectGround(rpc, ground), ground.heightMeters)!;
        expect(Math.abs(back.longitudeDegrees - ground.longitudeDegrees)).toBeLessThan(DEGREE);
        expect(Math.abs(back.latitudeDegrees - ground.latitudeDegrees)).toBeLessThan(DEGREE);
      }),
    );
  });

  it('is corrected from 3.64 to 0.10 pixels by five surveyed points', async () => {
    const rpc = await quickBird();
    const points = surveyedPoints();
    const residuals = points.map(({ ground, observed }) => {
      const projected = projectGround(rpc, ground);
      return [observed.sample - projected.sample, observed.line - projected.line];
    });
    const known = [
      [-3.012, -2.087],
      [-2.892, -2.058],
      [-2.934, -1.997],
      [-2.94, -2.216],
      [-3.107, -2.093],
    ];
    residuals.forEach(([sample, line], index) => {
      expect(sample).toBeCloseTo(known[index]![0]!, 3);
      expect(line).toBeCloseTo(known[index]![1]!, 3);
    });
    const { bias, rmsBefore, rmsAfter, rmsLeaveOneOut } = estimateBias(rpc, points);
    expect(bias.sample[0]).toBeCloseTo(-2.97706183, 8);
    expect(bias.line[0]).toBeCloseTo(-2.09015015, 8);
    expect(rmsBefore).toBeCloseTo(3.639008, 6);
    expect(rmsAfter).toBeCloseTo(0.103719, 6);
    expect(rmsLeaveOneOut).toBeCloseTo(0.129649, 6);
  });

  it('states its accuracy', async () => {
    expect(statedSigmaMeters(await quickBird())).toBeCloseTo(Math.hypot(12.15, 0.3), 12);
  });
});

describeWithRealData('the sensor model of Pleiades scenes', () => {
  const name = 'PHR1B_P_201709281038393_SEN_PRG_FC_178609-001';

  it('is the same by geometry file, XML and tag', async () => {
    const models = [
      read(`sat-pleiades/rpc/${name}.geom`),
      read(`sat-pleiades/rpc/RPC_${name}.XML`),
      await ofTag(`sat-pleiades/rpc/${name}.tif`),
    ];
    for (const rpc of models) {
      const ground = at(7.048662660737769592, 43.72774839443545858, 0);
      expectPixel(projectGround(rpc, ground), 99.99972, 199.999951);
      expect(statedSigmaMeters(rpc)).toBeNull();
    }
    const other = read('sat-pleiades/rpc/PHR1B_P_201709281038045_SEN_PRG_FC_178608-001.geom');
    const ground = at(7.11526088296757386, 43.684281179313565, 850);
    expectPixel(projectGround(other, ground), 10121.065727, 10235.931011);
  });

  it('brings the center of a stereo chip over the ground into the other image', async () => {
    const left = shiftOrigin(read('sat-pleiades/ventoux/left_image.geom'), {
      ...chipOffset([5000, 1, 0, 5000, 0, 1]),
    });
    const right = read('sat-pleiades/ventoux/right_image.geom');
    const center = { sample: 249.5, line: 249.5 };
    const place = locatePixel(left, center, 600)!;
    expect(place.longitudeDegrees).toBeCloseTo(5.19507502, 9);
    expect(place.latitudeDegrees).toBeCloseTo(44.207079241, 9);
    const pixel = projectGround(right, place);
    expect(pixel.sample).toBeCloseTo(5263.7097, 4);
    expect(pixel.line).toBeCloseTo(5041.6725, 4);
    for (const [height, again, kept] of [
      [400, [5227.1888, 5175.383], [5248.55, 5118.88]],
      [800, [5300.2315, 4907.9674], [5278.86, 4964.47]],
    ] as const) {
      const anew = projectGround(right, locatePixel(left, center, height)!);
      expect(anew.sample).toBeCloseTo(again[0], 4);
      expect(anew.line).toBeCloseTo(again[1], 4);
      const same = projectGround(right, { ...place, heightMeters: height });
      expect(same.sample).toBeCloseTo(kept[0], 2);
      expect(same.line).toBeCloseTo(kept[1], 2);
    }
  });

  it('meets a terrain handed in', () => {
    const rpc = read('sat-pleiades/ventoux/left_image.geom');
    const slope = (longitude: number) => 600 + 5000 * (longitude - 5.19);
    const place = locateOnTerrain(rpc, { sample: 5249.5, line: 5249.5 }, slope)!;
    expect(Math.abs(slope(place.longitudeDegrees) - place.heightMeters)).toBeLessThan(2e-3);
  });
});

describeWithRealData('parseRpc() on files of six sensors', () => {
  it.each([
    ['rpc-text/rpc_IKONOS.txt', 3.31],
    ['rpc-text/rpc_PLANET_L1A.txt', null],
    ['rpc-text/rpc_PLANET_L1B.txt', null],
    ['rpc-text/20191015_073816_ssc1d3_0011_basic_l1a_panchromatic_dn_RPC.TXT', null],
    ['rpc-text/rpc_PLEIADES.xml', null],
    ['rpc-text/rpc_SPOT6.xml', null],
    ['rpc-text/rpc_WV2.xml', 26.68],
  ])('reads %s: its center comes back to itself', (path, errorBias) => {
    const rpc = read(path);
    const { longitude, latitude, height } = rpc;
    const center = at(longitude.offset, latitude.offset, height.offset);
    const pixel = projectGround(rpc, center);
    expect(Math.abs(pixel.sample - rpc.sample.offset)).toBeLessThan(Math.abs(rpc.sample.scale));
    expect(Math.abs(pixel.line - rpc.line.offset)).toBeLessThan(8 * Math.abs(rpc.line.scale));
    const back = locatePixel(rpc, pixel, height.offset)!;
    expect(Math.abs(back.longitudeDegrees - longitude.offset)).toBeLessThan(DEGREE);
    expect(Math.abs(back.latitudeDegrees - latitude.offset)).toBeLessThan(DEGREE);
    expect(rpc.errorBiasMeters).toBe(errorBias);
  });

  it.each([
    ['rpc-text/rpc_unsupported.xml', /XML element "VRTDataset"/],
    ['sat-pleiades/rpc/fake_rpc.txt', /form is not known: found "FAKE/],
  ])('refuses %s', (path, words) => {
    expect(() => read(path)).toThrow(words);
  });
});

function read(path: string): RationalPolynomials {
  return parseRpc(readFileSync(realDataPath(path), 'utf8'));
}

async function ofTag(path: string): Promise<RationalPolynomials> {
  const tiff = await fromFile(realDataPath(path));
  try {
    const { fileDirectory } = await tiff.getImage();
    return parseRpcTag(
      Array.from((await fileDirectory.loadValue(50844)) as ArrayLike<number>, Number),
    );
  } finally {
    await tiff.close();
  }
}

function quickBird(): Promise<RationalPolynomials> {
  return ofTag('sat-qb2-rpc/qb2_basic1b.tif');
}

interface Feature {
  properties: { ji: [number, number] };
  geometry: { coordinates: [number, number, number] };
}

function surveyedPoints() {
  const text = readFileSync(realDataPath('sat-qb2-rpc/gcps.geojson'), 'utf8');
  const { features } = JSON.parse(text) as { features: Feature[] };
  return features.map(({ properties: { ji }, geometry: { coordinates } }) => ({
    ground: at(...coordinates),
    observed: { sample: ji[0], line: ji[1] },
  }));
}
