import type { Camera } from './camera.ts';
import type { Geodetic } from './local-frame.ts';

/** Everything a sample flight is made from; the same design always gives the same files. */
export interface FlightDesign {
  seed: number;
  origin: Geodetic;
  camera: Camera;
  lines: number;
  imagesPerLine: number;
  /** Camera above the mean ground. */
  heightMeters: number;
  /** Between two images of a line. */
  baseMeters: number;
  lineSpacingMeters: number;
  /** Direction of the first line, clockwise from true north; every second line flies back. */
  headingDegrees: number;
  speedMetersPerSecond: number;
  /** Side of one texel of the painted ground; no larger than the ground distance of a pixel. */
  texelMeters: number;
}

/** A rectangle in the local frame; meters. */
export interface Extent {
  west: number;
  east: number;
  south: number;
  north: number;
}

/** 40 images of 1280 x 960 at 5 cm a pixel; 80 % forward and 65 % side overlap. */
export const SAMPLE_FLIGHT: FlightDesign = {
  seed: 20250614,
  origin: { latitudeDegrees: 48.1, longitudeDegrees: 11.5, heightMeters: 560 },
  camera: { width: 1280, height: 960, focal: 1400 },
  lines: 5,
  imagesPerLine: 8,
  heightMeters: 70,
  baseMeters: 9.6,
  lineSpacingMeters: 22.4,
  headingDegrees: 12,
  speedMetersPerSecond: 5,
  texelMeters: 0.04,
};

/** The rectangle that every image of the flight stays within, however it is tilted. */
export function groundExtent(design: FlightDesign): Extent {
  const metersPerPixel = design.heightMeters / design.camera.focal;
  // Tilt, wandering off the line and relief: about a tenth of the height in sum.
  const margin = 0.1 * design.heightMeters;
  const along =
    (design.baseMeters * (design.imagesPerLine - 1) + metersPerPixel * design.camera.height) / 2;
  const across =
    (design.lineSpacingMeters * (design.lines - 1) + metersPerPixel * design.camera.width) / 2;
  const heading = (design.headingDegrees * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(heading)), Math.abs(Math.sin(heading))];
  const east = across * cos + along * sin + margin;
  const north = along * cos + across * sin + margin;
  return { west: -east, east, south: -north, north };
}
