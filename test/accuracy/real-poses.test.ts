import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { fromFile } from 'geotiff';
import { simpleCamera } from '../../maths/camera.ts';
import { meetGround } from '../../maths/footprint.ts';
import { geodeticToEnu } from '../../maths/geodesy.ts';
import { terrainGround } from '../../maths/ground.ts';
import { terrainOf } from '../../maths/height-grid.ts';
import { opkOf, opkRotation, trueNorthToGrid } from '../../maths/opk.ts';
import { gimbalRotation, transform, type Vector3 } from '../../maths/rotation.ts';
import { rotationAngle, rotationFromVector } from '../../maths/rotation-vector.ts';
import { toGrid, utmZone } from '../../maths/transverse-mercator.ts';
import { scale, transpose } from '../../maths/vector.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';
import { expectNumbers } from '../maths/example-camera.ts';
import { readXmp } from './flight-files.ts';

interface Reconstruction {
  reference_lla: { latitude: number; longitude: number; altitude: number };
  shots: Record<string, { rotation: Vector3; translation: Vector3 }>;
}

describeWithRealData('the records of an oblique flight against its adjusted poses', () => {
  const load = () => {
    const path = realDataPath('flight-p4rtk-oblique/opensfm/reconstruction.json');
    const [adjusted] = JSON.parse(readFileSync(path, 'utf8')) as [Reconstruction];
    const { latitude, longitude, altitude } = adjusted.reference_lla;
    const origin = {
      latitudeDegrees: latitude,
      longitudeDegrees: longitude,
      heightMeters: altitude,
    };
    return { origin, shots: adjusted.shots };
  };
  const xmpOf = (number: string) =>
    readXmp(realDataPath(`flight-p4rtk-oblique/images/100_0005_${number}.tif`))!;
  const gimbalOf = (number: string) => {
    const xmp = xmpOf(number);
    return gimbalRotation({
      yaw: xmp('GimbalYawDegree'),
      pitch: xmp('GimbalPitchDegree'),
      roll: xmp('GimbalRollDegree'),
    });
  };

  it.each([
    ['0018', 0.934],
    ['0136', 0.46],
    ['0140', 1.249],
    ['0142', 1.159],
  ])('turn image %s by the published angle', (number, published) => {
    const { rotation } = load().shots[`100_0005_${number}`]!;
    const adjusted = transpose(rotationFromVector(rotation));
    const turn = (rotationAngle(gimbalOf(number), adjusted) * 180) / Math.PI;
    expect(turn).toBeCloseTo(published, 3);
  });

  it('have the published places', () => {
    const { origin, shots } = load();
    const xmp = xmpOf('0018');
    const place = {
      latitudeDegrees: xmp('GpsLatitude'),
      // Misspelled by the camera.
      longitudeDegrees: xmp('GpsLongtitude'),
      heightMeters: xmp('AbsoluteAltitude'),
    };
    expectNumbers(geodeticToEnu(place, origin), [115.294, -73.809, 186.569], 3);
    const { rotation, translation } = shots['100_0005_0018']!;
    const center = scale(transform(transpose(rotationFromVector(rotation)), translation), -1);
    expectNumbers(center, [114.19, -75.531, 186.56], 3);
  });

  it('have the published angles, true and in the grid of UTM 51', () => {
    const { origin, shots } = load();
    const adjusted = opkOf(transpose(rotationFromVector(shots['100_0005_0142']!.rotation)));
    expectNumbers([adjusted.omega, adjusted.phi, adjusted.kappa], [28.831, 0.94, 1.782], 3);
    const gimbal = opkOf(gimbalOf('0142'));
    expectNumbers([gimbal.omega, gimbal.phi, gimbal.kappa], [29.983, 1.05, 1.819], 3);
    const { convergenceDegrees } = toGrid(
      utmZone(51, 'north'),
      origin.latitudeDegrees,
      origin.longitudeDegrees,
    );
    expect(convergenceDegrees).toBeCloseTo(-0.8557, 3);
    const inGrid = opkOf(trueNorthToGrid(gimbalOf('0142'), -0.8557));
    expectNumbers([inGrid.omega, inGrid.phi, inGrid.kappa], [29.994, 0.622, 1.078], 3);
  });
});

describeWithRealData('the middle of an aerial survey image', () => {
  it('meets the terrain at the published place', async () => {
    const tiff = await fromFile(realDataPath('aerial-ngi/dem.tif'));
    const image = await tiff.getImage();
    const [heights] = (await image.readRasters()) as unknown as [Float32Array];
    const [west, north] = image.getOrigin() as [number, number];
    const [cellEast, cellNorth] = image.getResolution() as [number, number];
    await tiff.close();
    const terrain = terrainOf({
      heights,
      columns: image.getWidth(),
      rows: image.getHeight(),
      west,
      north,
      cellEast,
      cellNorth: -cellNorth,
      noData: image.getGDALNoData(),
    });
    const camera = simpleCamera({ columns: 640, rows: 1152, focalPixels: 833.3333333 });
    const pose = {
      center: [-55094.50448, -3727407.03748, 5258.30793],
      rotation: opkRotation({ omega: -0.349216, phi: 0.298484, kappa: -179.086702 }),
    } as const;
    const ground = terrainGround(terrain, { lowest: 0, mean: 500, highest: 1500 });
    const { point, source } = meetGround(camera, pose, [319.5, 575.5], ground)!;
    expect(source).toBe('terrain');
    expect(Math.abs(point[2] - 340.055)).toBeLessThan(0.1);
    expect(Math.hypot(point[0] + 55120.127, point[1] + 3727437.01)).toBeLessThan(0.1);
  });
});
