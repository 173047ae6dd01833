import type { AdjustedBlock } from './bundle-adjustment.ts';
import type { BundleBlock } from './bundle-block.ts';
import { priorResiduals } from './bundle-priors.ts';

/** What an adjustment did to the record, and whether that can be believed. */
export interface BundleReport {
  /** Adjusted minus recorded position, root mean square east, north and up, meters. */
  positionRms: [number, number, number];
  /** Adjusted over assumed focal length, minus 1. */
  focalChange: number;
  /** Largest turn of an image from its record, degrees. */
  largestTurnDegrees: number;
  /** Images turned by more than 5 degrees. */
  turnedImages: string[];
  doubts: BundleDoubt[];
}

/** Why an adjustment should not be believed, whatever its residuals. */
export interface BundleDoubt {
  code: 'CALIBRATION_IMPLAUSIBLE' | 'BLOCK_WEAK';
  words: string;
}

const MOST_FOCAL_CHANGE = 0.05;
const MOST_TURN_DEGREES = 5;
/** Positions may differ from the record by this many of its sigmas, root mean square. */
const MOST_NORMALIZED = 3;

/**
 * Weighs an adjustment against what was recorded. On a real flight with six images turned by half, one
 * converged to residuals of half a pixel with a focal length 44 % too long: a small residual alone proves
 * nothing.
 */
export function reportBundle(block: BundleBlock, adjusted: AdjustedBlock): BundleReport {
  const changes = block.images.map((image, index) => ({
    name: image.name,
    prior: priorResiduals(image, adjusted.state, index),
  }));
  const rms = (values: readonly number[]) =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length));
  const axis = (k: number) => rms(changes.map(({ prior }) => prior[k]![0]));
  const normalized = rms(
    changes.flatMap(({ prior }) => prior.slice(0, 3).map(([value, sd]) => value / sd)),
  );
  const turns = changes.map(({ name, prior }) => ({
    name,
    degrees: (Math.hypot(...prior.slice(3).map(([value]) => value)) * 180) / Math.PI,
  }));
  const turnedImages = turns
    .filter(({ degrees }) => degrees > MOST_TURN_DEGREES)
    .map(({ name }) => name);
  const focalChange = adjusted.state.camera.focalX / block.camera.focalX - 1;
  return {
    positionRms: [axis(0), axis(1), axis(2)],
    focalChange,
    largestTurnDegrees: turns.reduce((most, { degrees }) => Math.max(most, degrees), 0),
    turnedImages,
    doubts: doubtsAbout(adjusted, focalChange, turnedImages, normalized),
  };
}

function doubtsAbout(
  adjusted: AdjustedBlock,
  focalChange: number,
  turnedImages: readonly string[],
  normalized: number,
): BundleDoubt[] {
  const doubts: BundleDoubt[] = [];
  const doubt = (code: BundleDoubt['code'], words: string) => doubts.push({ code, words });
  if (Math.abs(focalChange) > MOST_FOCAL_CHANGE) {
    doubt(
      'CALIBRATION_IMPLAUSIBLE',
      `the focal length changed by ${(100 * focalChange).toFixed(1)} %, more than 5 %`,
    );
  }
  if (turnedImages.length > 0) {
    doubt(
      'CALIBRATION_IMPLAUSIBLE',
      `${turnedImages.length} images were turned by more than 5 degrees from their record: ${turnedImages.slice(0, 5).join(', ')}`,
    );
  }
  if (normalized > MOST_NORMALIZED) {
    doubt(
      'CALIBRATION_IMPLAUSIBLE',
      `positions differ from the record by ${normalized.toFixed(1)} of its sigmas, more than 3`,
    );
  }
  const { leftOut, observations, hasConverged } = adjusted;
  if (leftOut > observations) {
    doubt('BLOCK_WEAK', `${leftOut} of ${leftOut + observations} observations did not fit`);
  }
  if (!hasConverged) doubt('BLOCK_WEAK', 'the adjustment did not converge');
  return doubts;
}
