import type { ModelProfile } from './model-profile.ts';

/** From this value on a pixel counts as subject. */
export const SUBJECT_FROM = 0.5;

/** What a network saw, before anything is made of it. */
export interface SubjectMask {
  /** 0 for background to 1 for subject. */
  values: Float32Array;
  /** Largest value before the mask was stretched: below a half the network saw no subject. */
  confidence: number;
  /** Share of the pixels that were subject before the mask was stretched. */
  coverage: number;
}

/**
 * Reads the answer of a network as a mask.
 *
 * Stretching alone would invent a subject in an empty picture: of flat grey it makes a mask that covers
 * half of it. So what the network said before is kept beside it.
 */
export function subjectMask(
  raw: Float32Array,
  { activation, normalize }: Pick<ModelProfile, 'activation' | 'normalize'>,
): SubjectMask {
  const values = activation === 'sigmoid' ? raw.map((x) => 1 / (1 + Math.exp(-x))) : raw.slice();
  let [low, high, covered] = [Infinity, -Infinity, 0];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
    if (value > SUBJECT_FROM) covered++;
  }
  if (normalize === 'minmax' && high > low) {
    for (let i = 0; i < values.length; i++) values[i] = (values[i]! - low) / (high - low);
  }
  return { values, confidence: high, coverage: covered / values.length };
}

/** A rectangle of pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The smallest box around every pixel that can be seen at all, or null when there is none. */
export function boxOfAlpha(alpha: Uint8Array, width: number, height: number): Box | null {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      if (alpha[row + x] === 0) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  if (right < 0) return null;
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}
