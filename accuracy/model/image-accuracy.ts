import type { ImageAccuracy } from '../../contracts/accuracy.ts';
import type { FlightImage, ImageDescription } from '../../contracts/flight.ts';
import { enuToGeodetic } from '../../maths/geodesy.ts';
import { simpleCamera } from '../../maths/camera.ts';
import { areaOf, footprintOf, tiltOf } from '../../maths/footprint.ts';
import { planeGround } from '../../maths/ground.ts';
import { gimbalRotation, type Matrix3, type Vector3 } from '../../maths/rotation.ts';
import { expectedError } from './expected-error.ts';

/** Digits that are kept of a longitude or latitude: a tenth of a millimeter. */
const DEGREE_DIGITS = 9;

/**
 * What is known of one image without control: its ground sample distance, tilt, footprint and the error
 * to be expected of its direct georeferencing. What cannot be given is null, and `reasons` says why.
 */
export function assessImage(image: FlightImage): ImageAccuracy {
  const { description } = image;
  const unknown: ImageAccuracy = {
    name: image.name,
    usable: image.usable,
    gsd: null,
    heightAboveGround: null,
    tiltDegrees: null,
    footprint: null,
    expectedSigma: null,
    blur: description?.measures?.blur ?? null,
    meanLuminance: description?.measures?.meanLuminance ?? null,
    reasons: [],
  };
  if (!image.usable || description === null) {
    return { ...unknown, reasons: ['the image was left out at ingestion'] };
  }
  return { ...unknown, ...geometryOf(description) };
}

type Geometry = Pick<
  ImageAccuracy,
  'gsd' | 'heightAboveGround' | 'tiltDegrees' | 'footprint' | 'expectedSigma' | 'reasons'
>;

function geometryOf(description: ImageDescription): Geometry {
  const { attitude, relativeAltitude, focalPixels, position, width, height } = description;
  const reasons = [
    ...(relativeAltitude === null || relativeAltitude <= 0 ? ['no height above ground'] : []),
    ...(focalPixels === null ? ['no focal length in pixels'] : []),
    ...(attitude === null ? ['no attitude record'] : []),
    ...(position === null ? ['no position'] : []),
  ];
  const rotation = attitude === null ? null : gimbalRotation(attitude);
  const tilt = rotation === null ? null : tiltOf(rotation);
  if (relativeAltitude === null || relativeAltitude <= 0 || focalPixels === null) {
    return {
      gsd: null,
      heightAboveGround: null,
      tiltDegrees: tilt,
      footprint: null,
      expectedSigma: null,
      reasons,
    };
  }
  const nominal = relativeAltitude / focalPixels;
  const corners =
    rotation === null
      ? null
      : cornersOf(rotation, {
          height: relativeAltitude,
          focalPixels,
          columns: width,
          rows: height,
        });
  if (rotation !== null && corners === null) reasons.push('a corner looks at the horizon');
  const mean = corners === null ? null : Math.sqrt(areaOf(corners) / (width * height));
  return {
    gsd: { nominal, mean },
    heightAboveGround: relativeAltitude,
    tiltDegrees: tilt,
    footprint: corners === null || position === null ? null : onTheGlobe(corners, position),
    expectedSigma:
      position === null || attitude === null
        ? null
        : expectedError({
            height: relativeAltitude,
            gsd: mean ?? nominal,
            sdHorizontal: position.sdHorizontal,
          }),
    reasons,
  };
}

/** Corners on level ground, meters from the camera; null when one looks at the horizon. */
function cornersOf(
  rotation: Matrix3,
  image: { height: number; focalPixels: number; columns: number; rows: number },
): Vector3[] | null {
  const pose = { center: [0, 0, image.height] as const, rotation };
  const outline = footprintOf(simpleCamera(image), pose, planeGround(0));
  // Between the corners are three points an edge, which is straight as no distortion is known.
  return outline?.filter((_, index) => index % 4 === 0) ?? null;
}

/** Brings corners, meters east and north of the camera, to WGS84: closed, counter-clockwise (RFC 7946). */
function onTheGlobe(
  corners: readonly Vector3[],
  { latitude, longitude }: { latitude: number; longitude: number },
): [number, number][] {
  const origin = { latitudeDegrees: latitude, longitudeDegrees: longitude, heightMeters: 0 };
  const ring = corners.map(([east, north]): [number, number] => {
    const point = enuToGeodetic([east, north, 0], origin);
    return [round(point.longitudeDegrees), round(point.latitudeDegrees)];
  });
  // The corners run clockwise in the image, which a camera that looks down turns into clockwise on a map.
  ring.reverse();
  return [...ring, ring[0]!];
}

function round(degrees: number): number {
  return Number(degrees.toFixed(DEGREE_DIGITS));
}
