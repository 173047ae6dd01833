import type { CameraOverride } from '../../contracts/assessment.ts';
import type { Finding } from '../../contracts/findings.ts';
import type { FlightImage, ImageCalibration, ImageDescription } from '../../contracts/flight.ts';
import type { FlightSettings } from '../../contracts/flight-settings.ts';
import { simpleCamera } from '../../maths/camera.ts';
import { statedFocal } from '../../maths/stated-focal.ts';
import { lensFinding } from './finding.ts';
import { bend } from './strips.ts';

/** A millionth of a degree, as attitudes of files have. */
const ANGLE_DIGITS = 6;

/** The image with what a person states of its flight in place of what it records. */
export function restatedImage(image: FlightImage, settings: FlightSettings = {}): FlightImage {
  const { description } = image;
  if (description === null) return image;
  const { camera, clockAheadSeconds, yawOffsetDegrees } = settings;
  const { attitude, capturedAt } = description;
  const seen = camera === undefined ? description : withCamera(description, camera);
  return {
    ...image,
    description: {
      ...seen,
      ...(yawOffsetDegrees === undefined || attitude === null
        ? {}
        : { attitude: { ...attitude, yaw: turned(attitude.yaw, yawOffsetDegrees) } }),
      ...(clockAheadSeconds === undefined || capturedAt === null
        ? {}
        : { capturedAt: earlier(capturedAt, clockAheadSeconds) }),
    },
    findings: camera === undefined ? image.findings : findingsWith(image, seen),
  };
}

function withCamera(description: ImageDescription, camera: CameraOverride): ImageDescription {
  const { width, focalPixels, focalMillimeters = null, calibration = null } = description;
  const stated = width === 0 ? null : statedFocal(camera, description, focalMillimeters);
  const focal = stated ?? focalPixels;
  return {
    ...description,
    ...(camera.model === undefined ? {} : { lens: camera.model }),
    ...(stated === null ? {} : { focalPixels: stated, focalSource: 'stated' }),
    ...(focal === null || !(calibration !== null || hasLensFigures(camera))
      ? {}
      : { calibration: calibrationOf(description, camera, focal, stated !== null) }),
  };
}

function hasLensFigures(camera: CameraOverride): boolean {
  const { centerXPixels, centerYPixels, k1, k2, k3, p1, p2 } = camera;
  return [centerXPixels, centerYPixels, k1, k2, k3, p1, p2].some((figure) => figure !== undefined);
}

/** Figure by figure what is stated, else what the image records. */
function calibrationOf(
  { width, height, calibration = null }: ImageDescription,
  camera: CameraOverride,
  focal: number,
  isFocalStated: boolean,
): ImageCalibration {
  const { centerX, centerY } = simpleCamera({ columns: width, rows: height, focalPixels: focal });
  const plain = {
    centerX,
    centerY,
    focalX: focal,
    focalY: focal,
    k1: 0,
    k2: 0,
    k3: 0,
    p1: 0,
    p2: 0,
  };
  const known = calibration ?? plain;
  const isStated = isFocalStated || hasLensFigures(camera);
  return {
    // Pixels keep the shape that the calibration gives them.
    focalX: isFocalStated ? focal : known.focalX,
    focalY: isFocalStated ? (focal * known.focalY) / known.focalX : known.focalY,
    centerX: camera.centerXPixels ?? known.centerX,
    centerY: camera.centerYPixels ?? known.centerY,
    k1: camera.k1 ?? known.k1,
    k2: camera.k2 ?? known.k2,
    k3: camera.k3 ?? known.k3,
    p1: camera.p1 ?? known.p1,
    p2: camera.p2 ?? known.p2,
    source: isStated || calibration === null ? 'stated' : calibration.source,
  };
}

/** What was said of the recorded camera no longer holds of the stated one. */
function findingsWith(
  { name, findings }: FlightImage,
  { focalPixels, lens }: ImageDescription,
): Finding[] {
  const isKnown = focalPixels !== null;
  const kept = findings.filter(
    ({ code }) => !(code === 'FOCAL_UNKNOWN' && isKnown) && code !== 'LENS_UNSUPPORTED',
  );
  return lens === 'fisheye' ? [...kept, lensFinding(name)] : kept;
}

function turned(yaw: number, offset: number): number {
  return Number(bend(yaw + offset, 0).toFixed(ANGLE_DIGITS)) + 0;
}

/** A local ISO time some seconds before another; it keeps its number of decimals, or gets milliseconds. */
function earlier(capturedAt: string, seconds: number): string {
  const [whole = '', fraction = ''] = capturedAt.split('.');
  const digits = Math.max(fraction.length, Number.isInteger(seconds) ? 0 : 3);
  const nanoseconds =
    BigInt(Date.parse(`${whole}Z`)) * 1_000_000n +
    BigInt(fraction.padEnd(9, '0')) -
    BigInt(Math.round(seconds * 1000)) * 1_000_000n;
  const milliseconds = nanoseconds / 1_000_000n;
  const date = new Date(Number(milliseconds)).toISOString().slice(0, 19);
  // A clock that never was set cannot be corrected to a year that a calendar of four digits has not.
  if (!/^\d{4}-/.test(date)) return capturedAt;
  if (digits === 0) return date;
  const rest = String(((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n);
  return `${date}.${rest.padStart(9, '0').slice(0, digits)}`;
}
