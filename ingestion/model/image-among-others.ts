import type { Finding, FindingCode } from '../../contracts/findings.ts';
import type { FlightImage, ImageDescription } from '../../contracts/flight.ts';
import { altitudeFinding } from './altitude-outlier.ts';
import { imageError, imageWarning } from './finding.ts';
import type { FlightNorm } from './flight-survey.ts';
import { findOutlier, withNearestSigns } from './position-outlier.ts';
import { qualityFindings } from './quality.ts';
import { recordFindings } from './record-findings.ts';

/** The file itself is of no use: what its tags lack, and how it differs from others, does not matter. */
const lostCodes: readonly FindingCode[] = [
  'DECODE_TIMEOUT',
  'FILE_EMPTY',
  'FORMAT_UNSUPPORTED',
  'IMAGE_CORRUPT',
  'IMAGE_TOO_LARGE',
  'IMAGE_TRUNCATED',
  'NOT_AN_IMAGE',
];

/** Whether nothing of an image can be used. */
export function isLost({ description, findings }: FlightImage): boolean {
  return description === null || findings.some(({ code }) => lostCodes.includes(code));
}

/** What is remarkable about an image only beside the rest of its flight. */
export function findingsAmongOthers(image: FlightImage, norm: FlightNorm): Finding[] {
  const { name, description } = image;
  const findings = copyFindings(image, norm);
  if (isLost(image) || description === null || description.width === 0) return findings;
  const ofFile = [
    ...recordFindings(name, description, norm.limits),
    ...norm.cameras.findingsOf(name, description),
  ];
  // That it was edited is said once, by the first sign of it.
  const edits = [...image.findings, ...ofFile].filter(({ code }) => code === 'EDITED_IMAGE');
  findings.push(
    ...ofFile.filter((finding) => finding.code !== 'EDITED_IMAGE' || finding === edits[0]),
    ...norm.order.findingsOf(image),
    ...placeFindings(name, description, norm),
  );
  if (description.measures !== null) {
    findings.push(...qualityFindings(name, description.measures, norm.sharpness, norm.limits));
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
  const findings: Finding[] = [];
  const original = file === null ? null : copies.originalOf(file.sha256, name);
  if (original !== null) {
    const message = `Image "${name}" is a copy of "${original}", byte for byte: leave it out`;
    findings.push(imageError('DUPLICATE_CONTENT', name, message, { original }));
  }
  const namesake = copies.namesakeOf(name);
  if (namesake !== null) {
    const message = `Image "${name}" has the name of "${namesake}" but for the case of its letters: text files that name one cannot be told which of them; rename one`;
    findings.push(imageWarning('NAME_CASE_DUPLICATE', name, message, { other: namesake }));
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
    const message = `Image "${name}" lies ${(away.distance / 1000).toFixed(1)} km from the middle of the flight, where ${(away.limit / 1000).toFixed(1)} km are the most that is believed: state its place in geo.txt, or leave it out`;
    findings.push(imageError('GPS_OUTLIER', name, message, { ...away }));
  }
  const altitude = position?.altitude ?? null;
  if (altitude !== null && norm.altitude !== null) {
    const outlier = altitudeFinding(name, altitude, norm.altitude);
    if (outlier !== null) findings.push(outlier);
  }
  if (attitude === null) {
    const message = `Image "${name}" has no attitude record, so that its footprint and its error on the ground cannot be given: state yaw, pitch and roll in geo.txt or a table of positions`;
    findings.push(imageWarning('ATTITUDE_MISSING', name, message));
  }
  return findings;
}
