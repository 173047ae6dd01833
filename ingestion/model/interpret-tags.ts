import type { ImageDescription } from '../../contracts/flight.ts';
import { readAttitude } from './attitude.ts';
import { readCalibration } from './calibration.ts';
import { readCaptureTime } from './capture-time.ts';
import { editReason } from './edited-image.ts';
import { type FocalLength, focalLength } from './focal-length.ts';
import { type PositionReading, readPosition } from './gps.ts';
import { numberOf, type RecordedTags, textOf, xmpNumber, xmpText } from './recorded-tags.ts';

/** What the tags of an image mean, each with its unit; what they leave open is null. */
export type ImageTags = Pick<
  ImageDescription,
  | 'make'
  | 'model'
  | 'capturedAt'
  | 'orientation'
  | 'attitude'
  | 'relativeAltitude'
  | 'calibration'
  | 'lens'
  | 'originalWidth'
  | 'originalHeight'
> & {
  position: PositionReading;
  focal: FocalLength | null;
  /** Why the image seems to have been saved again by a program. */
  editedBecause: string | null;
};

/** @param size of the stored raster, as the decoder finds it: tags survive a change of size. */
export function interpretTags(
  tags: RecordedTags,
  size: { width: number; height: number },
): ImageTags {
  const model = textOf(tags, 'Model') ?? xmpText(tags, ['tiff:Model']);
  return {
    make: textOf(tags, 'Make') ?? xmpText(tags, ['tiff:Make']),
    model,
    capturedAt: readCaptureTime(tags),
    orientation: orientationOf(tags),
    attitude: readAttitude(tags),
    relativeAltitude: xmpNumber(tags, ['drone-dji:RelativeAltitude']),
    position: readPosition(tags),
    editedBecause: editReason(tags),
    focal: size.width > 0 && size.height > 0 ? focalOf(tags, size, model) : null,
    calibration: size.width > 0 ? readCalibration(tags, size, scaleOf(tags, size.width)) : null,
    lens: /fisheye/i.test(xmpText(tags, ['Camera:ModelType']) ?? '') ? 'fisheye' : null,
    originalWidth: originalWidthOf(tags),
    originalHeight: numberOf(tags, 'PixelYDimension') ?? xmpNumber(tags, ['exif:PixelYDimension']),
  };
}

function originalWidthOf(tags: RecordedTags): number | null {
  return numberOf(tags, 'PixelXDimension') ?? xmpNumber(tags, ['exif:PixelXDimension']);
}

/** Stored by original width; 1 where the image was not made smaller. */
function scaleOf(tags: RecordedTags, width: number): number {
  const original = originalWidthOf(tags);
  return original !== null && original >= width ? width / original : 1;
}

function orientationOf(tags: RecordedTags): number | null {
  const orientation = numberOf(tags, 'Orientation');
  const isKnown = orientation !== null && Number.isInteger(orientation);
  return isKnown && orientation >= 1 && orientation <= 8 ? orientation : null;
}

function focalOf(
  tags: RecordedTags,
  size: { width: number; height: number },
  model: string | null,
): FocalLength | null {
  return focalLength({
    ...size,
    model,
    originalWidth: originalWidthOf(tags),
    dewarpData: xmpText(tags, ['drone-dji:DewarpData']),
    calibratedFocalLength: xmpNumber(tags, ['drone-dji:CalibratedFocalLength']),
    focalMillimeters: numberOf(tags, 'FocalLength'),
    focalPlaneXResolution: numberOf(tags, 'FocalPlaneXResolution'),
    focalPlaneResolutionUnit: numberOf(tags, 'FocalPlaneResolutionUnit'),
    focal35Millimeters: numberOf(tags, 'FocalLengthIn35mmFilm'),
  });
}
