import type { Finding } from '../../contracts/findings.ts';
import type { FlightImage, ImageDescription } from '../../contracts/flight.ts';
import { altitudeFinding } from './altitude-outlier.ts';
import { imageError, imageWarning } from './finding.ts';
import { cameraOf, type FlightNorm, sizeOf } from './flight-survey.ts';
import { findOutlier, withNearestSigns } from './position-outlier.ts';
import { qualityFindings } from './quality.ts';

/** What is remarkable about an image only beside the rest of its flight. */
export function findingsAmongOthers(image: FlightImage, norm: FlightNorm): Finding[] {
  const { name, description } = image;
  const findings = copyFindings(image, norm);
  if (description === null || description.width === 0) return findings;
  findings.push(
    ...mismatches(name, description, norm),
    ...norm.order.findingsOf(image),
    ...placeFindings(name, description, norm),
  );
  if (description.measures !== null) {
    findings.push(...qualityFindings(name, description.measures, norm.sharpness));
  }
  return findings;
}

/** Gives a position whose hemispheres are not stated the signs that fit the rest of the flight. */
export function onTheSideOfTheFlight(image: FlightImage, { center }: FlightNorm): FlightImage {
  const { description } = image;
  if (description?.position?.hemisphere === undefined || center === null) return image;
  const position = withNearestSigns(description.position, center);
  return { ...image, description: { ...description, position } };
}

function copyFindings({ name, file }: FlightImage, { copies }: FlightNorm): Finding[] {
  const original = file === null ? null : copies.originalOf(file.sha256, name);
  if (original === null) return [];
  const message = `Image "${name}" is a copy of "${original}", byte for byte`;
  return [imageError('DUPLICATE_CONTENT', name, message, { original })];
}

function mismatches(name: string, description: ImageDescription, norm: FlightNorm): Finding[] {
  const findings: Finding[] = [];
  const [size, camera] = [sizeOf(description), cameraOf(description)];
  if (norm.size !== null && size !== norm.size) {
    const message = `Image "${name}" has ${size} pixels, most of the flight ${norm.size}`;
    findings.push(imageError('SIZE_MISMATCH', name, message, { size, majority: norm.size }));
  }
  if (norm.camera !== null && camera !== norm.camera) {
    const message = `Image "${name}" was taken by ${camera}, most of the flight by ${norm.camera}`;
    findings.push(imageError('CAMERA_MISMATCH', name, message, { camera, majority: norm.camera }));
  }
  return findings;
}

function placeFindings(
  name: string,
  { position, attitude }: ImageDescription,
  norm: FlightNorm,
): Finding[] {
  const findings: Finding[] = [];
  const away =
    position === null || norm.center === null ? null : findOutlier(position, norm.center);
  if (away !== null) {
    const message = `Image "${name}" lies ${(away.distance / 1000).toFixed(1)} km from the middle of the flight`;
    findings.push(imageError('GPS_OUTLIER', name, message, { ...away }));
  }
  const altitude = position?.altitude ?? null;
  if (altitude !== null && norm.altitude !== null) {
    const outlier = altitudeFinding(name, altitude, norm.altitude);
    if (outlier !== null) findings.push(outlier);
  }
  if (attitude === null) {
    const message = `Image "${name}" has no attitude record: its footprint and its error on the ground cannot be given`;
    findings.push(imageWarning('ATTITUDE_MISSING', name, message));
  }
  return findings;
}
