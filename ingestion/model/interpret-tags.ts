import type { ImageDescription } from '../../contracts/flight.ts';
import { readAttitude } from './attitude.ts';
import { readCalibration } from './calibration.ts';
import { type CaptureDetails, readCaptureDetails } from './capture-details.ts';
import { readCaptureTime } from './capture-time.ts';
import { changedAfterMinutes, editorOf } from './edited-image.ts';
import { type FocalLength, focalLength, type FocalRecord, scaleOf } from './focal-length.ts';
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
  | 'originalWidth'
  | 'originalHeight'
  | 'calibration'
> &
  CaptureDetails & {
    position: PositionReading;
    focal: FocalLength | null;
    /** Not one tag is there. */
    isBare: boolean;
    /** The program that seems to have saved the image again. */
    editor: string | null;
    /** Between its capture and the last change of its file. */
    changedAfterMinutes: number | null;
  };

interface PixelSize {
  width: number;
  height: number;
}

/** @param size of the stored raster, as the decoder finds it: tags survive a change of size. */
export function interpretTags(
  tags: RecordedTags,
  size: { width: number; height: number },
): ImageTags {
  const model = textOf(tags, 'Model') ?? xmpText(tags, ['tiff:Model']);
  const record = focalRecord(tags, size, model);
  const isSizeKnown = size.width > 0 && size.height > 0;
  return {
    make: textOf(tags, 'Make') ?? xmpText(tags, ['tiff:Make']),
    model,
    capturedAt: readCaptureTime(tags),
    orientation: orientationOf(tags),
    attitude: readAttitude(tags),
    relativeAltitude: xmpNumber(tags, ['drone-dji:RelativeAltitude']),
    position: readPosition(tags),
    editor: editorOf(tags),
    changedAfterMinutes: changedAfterMinutes(tags),
    focal: isSizeKnown ? focalLength(record) : null,
    calibration: isSizeKnown ? readCalibration(tags, size, scaleOf(record)) : null,
    originalWidth: wholeNumber(record.originalWidth),
    originalHeight: wholeNumber(
      numberOf(tags, 'PixelYDimension') ?? xmpNumber(tags, ['exif:PixelYDimension']),
    ),
    ...readCaptureDetails(tags),
    isBare: Object.keys(tags.exif).length + Object.keys(tags.xmp).length === 0,
  };
}

/**
 * The size of the sensor's image where its tags know a larger one: of some raw files the directories name a
 * preview alone.
 *
 * @param size as the directories have it.
 */
export function sizeByTags(size: PixelSize | null, tags: RecordedTags): PixelSize | null {
  const width = wholeNumber(numberOf(tags, 'PixelXDimension'));
  const height = wholeNumber(numberOf(tags, 'PixelYDimension'));
  if (width === null || height === null) return size;
  return size === null || width * height > size.width * size.height ? { width, height } : size;
}

function orientationOf(tags: RecordedTags): number | null {
  const orientation = numberOf(tags, 'Orientation');
  const isKnown = orientation !== null && Number.isInteger(orientation);
  return isKnown && orientation >= 1 && orientation <= 8 ? orientation : null;
}

function wholeNumber(value: number | null): number | null {
  return value !== null && Number.isInteger(value) && value > 0 ? value : null;
}

function focalRecord(
  tags: RecordedTags,
  size: { width: number; height: number },
  model: string | null,
): FocalRecord {
  return {
    ...size,
    model,
    originalWidth: numberOf(tags, 'PixelXDimension') ?? xmpNumber(tags, ['exif:PixelXDimension']),
    dewarpData: xmpText(tags, ['drone-dji:DewarpData']),
    calibratedFocalLength: xmpNumber(tags, ['drone-dji:CalibratedFocalLength']),
    focalMillimeters: numberOf(tags, 'FocalLength'),
    focalPlaneXResolution: numberOf(tags, 'FocalPlaneXResolution'),
    focalPlaneResolutionUnit: numberOf(tags, 'FocalPlaneResolutionUnit'),
    focal35Millimeters: numberOf(tags, 'FocalLengthIn35mmFilm'),
  };
}
