import type { ImageCalibration } from '../../contracts/flight.ts';
import { type RecordedTags, xmpNumber, xmpText } from './recorded-tags.ts';

/** A principal point farther from the middle than this share of the width is no calibration. */
const MAX_OFFSET = 0.2;
const DEWARP_FIGURES = 9;

/**
 * The lens model that a camera states of itself, in pixels of the stored image.
 *
 * DJI's `DewarpData` is `date;fx,fy,cx,cy,k1,k2,p1,p2,k3` in pixels of the original, the principal point as
 * an offset from the middle, in OpenCV's order. `DewarpFlag` 1 says that the image was corrected already:
 * then no distortion is left. Without it, `CalibratedFocalLength` and the optical center, which counts from
 * the outer corner of the image.
 *
 * @param scale stored by original width.
 */
export function readCalibration(
  tags: RecordedTags,
  size: { width: number; height: number },
  scale: number,
): ImageCalibration | null {
  return dewarpCalibration(tags, size, scale) ?? calibratedCenter(tags, size, scale);
}

function dewarpCalibration(
  tags: RecordedTags,
  { width, height }: { width: number; height: number },
  scale: number,
): ImageCalibration | null {
  const text = xmpText(tags, ['drone-dji:DewarpData']);
  const figures = text?.split(';')[1]?.split(',').map(Number) ?? [];
  if (figures.length < DEWARP_FIGURES || !figures.every(Number.isFinite)) return null;
  const [fx, fy, cx, cy, k1, k2, p1, p2, k3] = figures as [
    ...[number, number, number, number, number, number, number, number, number],
  ];
  if (!(fx > 0 && fy > 0) || Math.max(Math.abs(cx), Math.abs(cy)) * scale > MAX_OFFSET * width) {
    return null;
  }
  const isCorrected = xmpNumber(tags, ['drone-dji:DewarpFlag']) === 1;
  return {
    focalX: fx * scale,
    focalY: fy * scale,
    centerX: (width - 1) / 2 + cx * scale,
    centerY: (height - 1) / 2 + cy * scale,
    ...(isCorrected ? { k1: 0, k2: 0, k3: 0, p1: 0, p2: 0 } : { k1, k2, k3, p1, p2 }),
    source: 'dewarp',
  };
}

function calibratedCenter(
  tags: RecordedTags,
  { width, height }: { width: number; height: number },
  scale: number,
): ImageCalibration | null {
  const focal = xmpNumber(tags, ['drone-dji:CalibratedFocalLength']);
  const x = xmpNumber(tags, ['drone-dji:CalibratedOpticalCenterX']);
  const y = xmpNumber(tags, ['drone-dji:CalibratedOpticalCenterY']);
  if (focal === null || !(focal > 0) || x === null || y === null) return null;
  const [centerX, centerY] = [x * scale - 0.5, y * scale - 0.5];
  const away = Math.max(Math.abs(centerX - (width - 1) / 2), Math.abs(centerY - (height - 1) / 2));
  if (away > MAX_OFFSET * width) return null;
  const focalPixels = focal * scale;
  return {
    focalX: focalPixels,
    focalY: focalPixels,
    centerX,
    centerY,
    k1: 0,
    k2: 0,
    k3: 0,
    p1: 0,
    p2: 0,
    source: 'calibrated',
  };
}
