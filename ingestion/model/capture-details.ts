import type { ImageBand, ImageDescription } from '../../contracts/flight.ts';
import { isoTimeOf } from './capture-time.ts';
import { numberOf, type RecordedTags, textOf, xmpNumber, xmpText } from './recorded-tags.ts';

const MAX_SPEED = 400;

/** How an image was exposed, and which of several it is. */
export type CaptureDetails = Pick<
  ImageDescription,
  | 'serial'
  | 'exposureSeconds'
  | 'fNumber'
  | 'iso'
  | 'groundSpeed'
  | 'gpsTime'
  | 'lens'
  | 'band'
  | 'focalMillimeters'
>;

export function readCaptureDetails(tags: RecordedTags): CaptureDetails {
  return {
    serial:
      textOf(tags, 'BodySerialNumber') ??
      xmpText(tags, ['drone-dji:CameraSerialNumber', 'drone-dji:DroneSerialNumber']),
    exposureSeconds: positive(numberOf(tags, 'ExposureTime')),
    fNumber: positive(numberOf(tags, 'FNumber')),
    iso: positive(numberOf(tags, 'ISOSpeedRatings')),
    groundSpeed: groundSpeed(tags),
    gpsTime: gpsTime(tags),
    lens: lensModel(tags),
    band: bandOf(tags),
    focalMillimeters: positive(numberOf(tags, 'FocalLength')),
  };
}

function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}

/** Level speed, meters a second: what moves the ground across a level camera. */
function groundSpeed(tags: RecordedTags): number | null {
  const x = xmpNumber(tags, ['drone-dji:FlightXSpeed']);
  const y = xmpNumber(tags, ['drone-dji:FlightYSpeed']);
  if (x === null || y === null) return null;
  const speed = Math.hypot(x, y);
  return speed <= MAX_SPEED ? speed : null;
}

/** Receivers write UTC: a date as text, and hours, minutes and seconds as three numbers. */
function gpsTime(tags: RecordedTags): string | null {
  const date = textOf(tags, 'GPSDateStamp');
  const parts = tags.exif['GPSTimeStamp'];
  if (date === null || typeof parts === 'string' || parts?.length !== 3) return null;
  const [hours, minutes, seconds] = parts as [number, number, number];
  const isClock = hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60;
  // A leap second counts as the first of the next minute.
  if (!isClock || !(seconds >= 0 && seconds < 61)) return null;
  const midnight = isoTimeOf(`${date} 00:00:00`);
  if (midnight === null) return null;
  const milliseconds = Math.round(((hours * 60 + minutes) * 60 + seconds) * 1000);
  return new Date(Date.parse(`${midnight}Z`) + milliseconds).toISOString();
}

function lensModel(tags: RecordedTags): ImageDescription['lens'] {
  const model = xmpText(tags, ['Camera:ModelType'])?.toLowerCase();
  return model === 'perspective' || model === 'fisheye' ? model : null;
}

function bandOf(tags: RecordedTags): ImageBand | null {
  const band = {
    capture: xmpText(tags, ['MicaSense:CaptureId', 'Camera:CaptureUUID', 'drone-dji:CaptureUUID']),
    name: xmpText(tags, ['Camera:BandName']),
    index: xmpNumber(tags, ['Camera:RigCameraIndex']),
  };
  return band.capture === null && band.name === null ? null : band;
}
