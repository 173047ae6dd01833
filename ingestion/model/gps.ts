import type { FindingCode } from '../../contracts/findings.ts';
import type { ImagePosition } from '../../contracts/flight.ts';
import { groundDistance } from './ground-distance.ts';
import { numberOf, type RecordedTags, textOf, xmpNumber, xmpText } from './recorded-tags.ts';

/** Why a position is not to be trusted, or not there. */
export interface PositionFault {
  code: FindingCode;
  reason: string;
}

/**
 * Where an image was taken and what to know about that, or why it cannot be said. Where both EXIF and XMP say
 * it, `apart` is how far they differ, meters.
 */
export type PositionReading =
  | { position: ImagePosition; doubts: PositionFault[]; apart: number | null }
  | ({ position: null } & PositionFault);

/** Below this, in degrees, a position is the default of a receiver without a fix. */
const ZERO_DEGREES = 1e-6;
const MAX_ALTITUDE_METERS = 100_000;

// The misspellings are DJI's own.
const XMP_LATITUDE = [
  'drone-dji:GpsLatitude',
  'drone-dji:GPSLatitude',
  'drone-dji:Latitude',
  'exif:GPSLatitude',
];
const XMP_LONGITUDE = [
  'drone-dji:GpsLongitude',
  'drone-dji:GpsLongtitude',
  'drone-dji:GPSLongitude',
  'drone-dji:GPSLongtitude',
  'drone-dji:Longitude',
  'exif:GPSLongitude',
];

interface Candidate {
  source: ImagePosition['source'];
  latitude: number;
  longitude: number;
  /** Whether the signs are stated; without that they are those of north and east. */
  isHemisphereKnown: boolean;
}

/**
 * The position of an image, WGS84 degrees.
 *
 * XMP goes before EXIF as it has more digits, unless it cannot be used. Where EXIF states no hemisphere
 * north and east are taken, and that is said: only the other images of the flight can tell. Altitudes
 * below sea level are negative.
 *
 * @example
 * readPosition({ exif: {}, xmp: {} }); // { position: null, code: 'GPS_MISSING', … }
 */
export function readPosition(tags: RecordedTags): PositionReading {
  const candidates = [xmpCandidate(tags), exifCandidate(tags)].filter((found) => found !== null);
  const faults = candidates.map(faultOf);
  const usable = candidates.filter((_, i) => faults[i] === null);
  const [chosen] = usable.sort((a, b) => Number(b.isHemisphereKnown) - Number(a.isHemisphereKnown));
  if (chosen !== undefined) {
    return {
      position: positionOf(chosen, tags),
      doubts: doubtsOf(chosen),
      apart: distanceToOther(usable, chosen),
    };
  }
  return {
    position: null,
    ...(faults[0] ?? {
      code: 'GPS_MISSING',
      reason: 'its tags state no position: state it in geo.txt',
    }),
  };
}

function faultOf(found: Candidate): { code: FindingCode; reason: string } | null {
  const { latitude, longitude } = found;
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) {
    return { code: 'GPS_INVALID', reason: 'its coordinates are no numbers: state them in geo.txt' };
  }
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) {
    const reason = `its coordinates must be in ±90, ±180 degrees: found ${latitude}, ${longitude}; state them in geo.txt`;
    return { code: 'GPS_INVALID', reason };
  }
  if (Math.abs(latitude) < ZERO_DEGREES && Math.abs(longitude) < ZERO_DEGREES) {
    return {
      code: 'GPS_ZERO',
      reason: 'its receiver had no fix (found 0, 0 degrees): state its place in geo.txt',
    };
  }
  return null;
}

function doubtsOf(chosen: Candidate): PositionFault[] {
  if (chosen.isHemisphereKnown) return [];
  const reason =
    'its tags state no hemisphere (N or S, E or W): that of the other images is taken; state its place in geo.txt if that is wrong';
  return [{ code: 'GPS_REF_MISSING', reason }];
}

function distanceToOther(usable: readonly Candidate[], chosen: Candidate): number | null {
  const other = usable.find((each) => each !== chosen && each.isHemisphereKnown);
  return other === undefined || !chosen.isHemisphereKnown ? null : groundDistance(chosen, other);
}

function positionOf(
  { source, latitude, longitude, isHemisphereKnown }: Candidate,
  tags: RecordedTags,
): ImagePosition {
  return {
    latitude,
    longitude,
    altitude: altitudeOf(tags),
    source,
    ...deviationsOf(tags),
    rtkFlag: xmpNumber(tags, ['drone-dji:RtkFlag']),
    ...(isHemisphereKnown ? {} : { hemisphere: 'assumed' as const }),
  };
}

function altitudeOf(tags: RecordedTags): number | null {
  const exif = numberOf(tags, 'GPSAltitude');
  const isBelowSea = numberOf(tags, 'GPSAltitudeRef') === 1;
  const adobe = xmpNumber(tags, ['exif:GPSAltitude']);
  const isAdobeBelowSea = xmpNumber(tags, ['exif:GPSAltitudeRef']) === 1;
  const altitude =
    xmpNumber(tags, ['drone-dji:AbsoluteAltitude']) ??
    signed(exif, isBelowSea) ??
    signed(adobe, isAdobeBelowSea);
  return altitude === null || Math.abs(altitude) > MAX_ALTITUDE_METERS ? null : altitude;
}

function signed(altitude: number | null, isBelowSea: boolean): number | null {
  if (altitude === null) return null;
  return isBelowSea ? -Math.abs(altitude) : altitude;
}

/** As stated: one sigma, of one axis when both axes are stated. */
function deviationsOf(tags: RecordedTags): Pick<ImagePosition, 'sdHorizontal' | 'sdVertical'> {
  const east = xmpNumber(tags, ['drone-dji:RtkStdLon']);
  const north = xmpNumber(tags, ['drone-dji:RtkStdLat']);
  const both = east === null || north === null ? null : Math.hypot(east, north) / Math.SQRT2;
  const single =
    xmpNumber(tags, ['Camera:GPSXYAccuracy']) ?? numberOf(tags, 'GPSHPositioningError');
  const vertical = xmpNumber(tags, ['drone-dji:RtkStdHgt', 'Camera:GPSZAccuracy']);
  return { sdHorizontal: notNegative(both ?? single), sdVertical: notNegative(vertical) };
}

function notNegative(value: number | null): number | null {
  return value !== null && value >= 0 ? value : null;
}

function xmpCandidate(tags: RecordedTags): Candidate | null {
  const latitude = xmpText(tags, XMP_LATITUDE);
  const longitude = xmpText(tags, XMP_LONGITUDE);
  if (latitude === null || longitude === null) return null;
  return {
    source: 'xmp',
    latitude: xmpDegrees(latitude, 'NS'),
    longitude: xmpDegrees(longitude, 'EW'),
    isHemisphereKnown: true,
  };
}

const SIGNED = /^[+-]?\d{1,3}(?:\.\d{1,20})?$/;
const LETTERED = /^(\d{1,3}),(\d{1,2}(?:\.\d{1,20})?)(?:,(\d{1,2}(?:\.\d{1,20})?))?\s?([NSEW])$/;

/** Either a signed number, or Adobe's `degrees,minutes[,seconds]` with a letter. */
function xmpDegrees(text: string, letters: string): number {
  if (SIGNED.test(text)) return Number(text);
  const found = LETTERED.exec(text);
  if (found === null || !letters.includes(found[4]!)) return Number.NaN;
  const degrees = sexagesimal([Number(found[1]), Number(found[2]), Number(found[3] ?? 0)]);
  return found[4] === letters[1] ? -degrees : degrees;
}

function exifCandidate(tags: RecordedTags): Candidate | null {
  const { GPSLatitude: latitude, GPSLongitude: longitude } = tags.exif;
  if (latitude === undefined && longitude === undefined) return null;
  const south = hemisphere(textOf(tags, 'GPSLatitudeRef'), 'NS');
  const east = hemisphere(textOf(tags, 'GPSLongitudeRef'), 'EW');
  return {
    source: 'exif',
    latitude: (south ?? 1) * exifDegrees(latitude),
    longitude: (east ?? 1) * exifDegrees(longitude),
    isHemisphereKnown: south !== null && east !== null,
  };
}

function exifDegrees(value: string | readonly number[] | undefined): number {
  return typeof value === 'string' || value === undefined ? Number.NaN : sexagesimal(value);
}

function hemisphere(letter: string | null, letters: string): 1 | -1 | null {
  const at = letter === null ? -1 : letters.indexOf(letter.toUpperCase());
  return at === -1 ? null : at === 0 ? 1 : -1;
}

/** Degrees, minutes and seconds; what is left out is 0. */
function sexagesimal(parts: readonly number[]): number {
  const [degrees = Number.NaN, minutes = 0, seconds = 0] = parts;
  if (!(minutes >= 0 && minutes <= 60 && seconds >= 0 && seconds <= 60)) return Number.NaN;
  return degrees + minutes / 60 + seconds / 3600;
}
