import type { ImageLens } from '../../contracts/flight.ts';
import { numberOf, type RecordedTags, xmpNumber, xmpText } from './recorded-tags.ts';

/** Numbers behind the date: fx, fy, cx, cy, k1, k2, p1, p2, k3. */
const DEWARP_NUMBERS = 9;

/** Width of the raster as the camera took it, pixels; null when the tags do not say. */
export function originalWidthOf(tags: RecordedTags): number | null {
  return numberOf(tags, 'PixelXDimension') ?? xmpNumber(tags, ['exif:PixelXDimension']);
}

/**
 * The calibration that the camera wrote, for the stored raster.
 *
 * `DewarpData` counts the principal point from the middle of the image and has the distortion in OpenCV's
 * order; with `DewarpFlag` 1 the camera has taken the distortion out already. A calibrated optical center
 * counts from the corner of the first pixel. Both are pixels of the original.
 *
 * @returns null when nothing is stated.
 */
export function lensOf(
  tags: RecordedTags,
  { width, height }: { width: number; height: number },
): ImageLens | null {
  const original = originalWidthOf(tags);
  const scale = original !== null && original >= width ? width / original : 1;
  const isFisheye = /fisheye/i.test(xmpText(tags, ['Camera:ModelType']) ?? '');
  const unknown: ImageLens = {
    model: isFisheye ? 'fisheye' : 'perspective',
    focalX: null,
    focalY: null,
    centerX: null,
    centerY: null,
    k1: 0,
    k2: 0,
    k3: 0,
    p1: 0,
    p2: 0,
    source: 'model',
  };
  if (isFisheye) return unknown;
  const numbers = dewarpNumbers(xmpText(tags, ['drone-dji:DewarpData']));
  if (numbers !== null) {
    const [fx, fy, cx, cy, k1, k2, p1, p2, k3] = numbers;
    const isCorrected = xmpNumber(tags, ['drone-dji:DewarpFlag']) === 1;
    return {
      ...unknown,
      focalX: fx! * scale,
      focalY: fy! * scale,
      centerX: (width - 1) / 2 + cx! * scale,
      centerY: (height - 1) / 2 + cy! * scale,
      ...(isCorrected ? {} : { k1: k1!, k2: k2!, k3: k3!, p1: p1!, p2: p2! }),
      source: isCorrected ? 'dewarped' : 'dewarp',
    };
  }
  const x = xmpNumber(tags, ['drone-dji:CalibratedOpticalCenterX']);
  const y = xmpNumber(tags, ['drone-dji:CalibratedOpticalCenterY']);
  if (x === null || y === null) return null;
  return {
    ...unknown,
    centerX: x * scale - 0.5,
    centerY: y * scale - 0.5,
    source: 'calibrated',
  };
}

function dewarpNumbers(text: string | null): number[] | null {
  const numbers = (text?.split(';')[1] ?? '').split(',').map(Number);
  const isWhole = numbers.length >= DEWARP_NUMBERS && numbers.every(Number.isFinite);
  // A calibration that was never filled in has zeros.
  return isWhole && numbers[0]! > 0 && numbers[1]! > 0 ? numbers : null;
}
