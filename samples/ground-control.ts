import { type PixelPoint, projectPoint } from './camera.ts';
import type { FlightDesign } from './flight-design.ts';
import type { SampleShot } from './flaws.ts';
import { localToMap, type LocalPoint } from './local-frame.ts';
import { heightAt, type Relief } from './terrain.ts';

/** A surveyed point on the ground. */
export interface ControlPoint extends LocalPoint {
  name: string;
}

/** One control point seen in one image; pixels by exact projection with the true pose. */
export interface ControlSighting extends PixelPoint {
  image: string;
  point: ControlPoint;
}

/** Places as shares of the flight's half length along its first line, and half width to the right. */
const PLACES: readonly (readonly [number, number])[] = [
  [-0.8, -0.75],
  [0.75, -0.8],
  [-0.1, -0.3],
  [0.3, 0.25],
  [-0.85, 0.5],
  [0.8, 0.75],
  [-0.25, 0.8],
];

/** Points spread over the flown area, on the ground. */
export function placeControl(design: FlightDesign, relief: Relief): ControlPoint[] {
  const heading = (design.headingDegrees * Math.PI) / 180;
  const halfLength = (design.baseMeters * (design.imagesPerLine - 1)) / 2;
  const halfWidth = (design.lineSpacingMeters * (design.lines - 1)) / 2;
  return PLACES.map(([lengthShare, widthShare], index) => {
    const [along, across] = [lengthShare * halfLength, widthShare * halfWidth];
    const east = along * Math.sin(heading) + across * Math.cos(heading);
    const north = along * Math.cos(heading) - across * Math.sin(heading);
    return { name: `GCP${index + 1}`, east, north, up: heightAt(relief, east, north) };
  });
}

/** Every sighting in a good image; nobody would mark a point in a bad one. */
export function sightControl(
  design: FlightDesign,
  shots: readonly SampleShot[],
  points: readonly ControlPoint[],
): ControlSighting[] {
  return points.flatMap((point) =>
    shots.flatMap((shot) => {
      const pixel = projectPoint(design.camera, shot.truePose, point);
      return pixel && shot.flaw === undefined ? [{ ...pixel, image: shot.name, point }] : [];
    }),
  );
}

/**
 * A control list in the form of OpenDroneMap: the CRS, then one row a sighting.
 *
 * Easting, northing and ellipsoidal height in meters; pixels from the center of the first pixel.
 */
export function writeControlList(
  sightings: readonly ControlSighting[],
  design: FlightDesign,
): string {
  const rows = sightings.map(({ u, v, image, point }) => {
    const { easting, northing, height } = localToMap(point, design.origin);
    const numbers = [easting, northing, height, u, v].map((value) => value.toFixed(4));
    return `${numbers.join(' ')} ${image} ${point.name}`;
  });
  return ['EPSG:32632', ...rows, ''].join('\n');
}
