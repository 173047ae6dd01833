import type { Finding } from '../../contracts/findings.ts';
import type { ImageDescription } from '../../contracts/flight.ts';
import type { FlightThresholds } from '../../contracts/flight-thresholds.ts';
import { imageWarning } from './finding.ts';
import { rounded } from './value-spread.ts';

/** Where two records of one image, or its records and its pixels, contradict each other. */
export function recordFindings(
  name: string,
  description: ImageDescription,
  limits: FlightThresholds,
): Finding[] {
  return [
    sourcesFinding(name, description, limits),
    changeFinding(name, description, limits),
    thumbnailFinding(name, description, limits),
  ].filter((finding) => finding !== null);
}

function sourcesFinding(
  name: string,
  { position, positionsApart: meters }: ImageDescription,
  { maxPositionDifference: limit }: FlightThresholds,
): Finding | null {
  // What tags say of a position no longer counts where a file says better.
  if (position === null || position.source === 'file') return null;
  if (meters === undefined || meters <= limit) return null;
  const message = `The place of image "${name}" is in doubt as its EXIF and XMP positions differ by ${meters.toFixed(1)} m: ${position.source.toUpperCase()} is taken; state its place in geo.txt if that is wrong`;
  return imageWarning('GPS_SOURCES_DISAGREE', name, message, { meters, limit });
}

function changeFinding(
  name: string,
  { changedAfterMinutes: minutes }: ImageDescription,
  { editedAfterMinutes: limit }: FlightThresholds,
): Finding | null {
  if (minutes === undefined || minutes <= limit) return null;
  const message = `Image "${name}" is not as the camera made it: it was changed ${Math.round(minutes)} minutes after it was taken, and may be turned or cropped; take the file as the camera wrote it`;
  return imageWarning('EDITED_IMAGE', name, message, { minutes: rounded(minutes, 1), limit });
}

function thumbnailFinding(
  name: string,
  { thumbnailTurn }: ImageDescription,
  { thumbnailAdvantage: limit }: FlightThresholds,
): Finding | null {
  if (thumbnailTurn === undefined) return null;
  const { turnDegrees, asStored, turned } = thumbnailTurn;
  if (turned - asStored <= limit) return null;
  const message = `The thumbnail of image "${name}" fits it only when turned by ${turnDegrees} degrees (correlation ${turned.toFixed(2)}, as it is ${asStored.toFixed(2)}): a program turned the image and left the thumbnail; take the file as the camera wrote it`;
  return imageWarning('THUMBNAIL_ROTATED', name, message, {
    turnDegrees,
    asStored,
    turned,
    limit,
  });
}
