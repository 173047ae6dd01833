import { boxSum } from './box-mean.ts';
import type { Guide } from './color-lines.ts';
import { type MattingWindows, mattingWindows, multiplyByLaplacian } from './matting-windows.ts';

/** Of the squared residual, relative to the start. */
const TOLERANCE = 1e-6;

/**
 * Alpha of hair and fur: in each small window it is a linear function of color, and it stays 0 and 1 where
 * that is known.
 *
 * Solved for the unknown pixels by conjugate gradients from the mask; the matrix is never made.
 *
 * Source: A. Levin, D. Lischinski and Y. Weiss, "A closed-form solution to natural image matting", IEEE
 * Transactions on Pattern Analysis and Machine Intelligence 30, 2008.
 *
 * @param trimap 0 for background, 1 for subject, anything between for unknown; of the size of the guide.
 * @param start where the search begins, 0 to 1.
 */
export function closedFormMatte(
  guide: Guide,
  trimap: Float32Array,
  start: Float32Array,
  maxSteps: number,
): Float32Array {
  const isUnknown = Uint8Array.from(trimap, (value) => (value > 0 && value < 1 ? 1 : 0));
  const windows = mattingWindows(guide, isUnknown);
  const alpha = Float64Array.from(trimap, (value, i) => (isUnknown[i] === 1 ? start[i]! : value));
  solve(windows, isUnknown, alpha, maxSteps);
  return Float32Array.from(alpha, (value) => Math.min(1, Math.max(0, value)));
}

/** Changes the unknown values of alpha until they disagree least with their surroundings. */
function solve(
  windows: MattingWindows,
  isUnknown: Uint8Array,
  alpha: Float64Array,
  maxSteps: number,
): void {
  const unknown = Int32Array.from(isUnknown.keys()).filter((i) => isUnknown[i] === 1);
  const moved = new Float64Array(alpha.length);
  multiplyByLaplacian(windows, alpha, moved);
  const residual = new Float64Array(alpha.length);
  const direction = new Float64Array(alpha.length);
  let energy = 0;
  for (const i of unknown) {
    residual[i] = -moved[i]!;
    direction[i] = residual[i]!;
    energy += residual[i]! ** 2;
  }
  const enough = energy * TOLERANCE;
  for (let step = 0; step < maxSteps && energy > enough; step++) {
    multiplyByLaplacian(windows, direction, moved);
    let bend = 0;
    for (const i of unknown) bend += direction[i]! * moved[i]!;
    // Colors that are all alike leave nothing to decide.
    if (bend <= 0) return;
    const length = energy / bend;
    let next = 0;
    for (const i of unknown) {
      alpha[i]! += length * direction[i]!;
      residual[i]! -= length * moved[i]!;
      next += residual[i]! ** 2;
    }
    for (const i of unknown) direction[i] = residual[i]! + (next / energy) * direction[i]!;
    energy = next;
  }
}

/** A mask above this is subject, one below its complement is background, if their surroundings agree. */
const SURE = 0.94;

/**
 * Where a mask is certain: 1 or 0 where every pixel within `margin` is that too, else 0.5.
 *
 * @param margin pixels in which hair may reach past the edge of the mask.
 */
export function trimapOf(
  mask: Float32Array,
  width: number,
  height: number,
  margin: number,
): Float32Array {
  const all = boxSum(new Float32Array(mask.length).fill(1), width, height, margin);
  const surroundings = (isSure: (value: number) => boolean) => {
    const sure = mask.map((value) => (isSure(value) ? 1 : 0));
    return boxSum(sure, width, height, margin).map((count, i) => (count === all[i]! ? 1 : 0));
  };
  const subject = surroundings((value) => value > SURE);
  const background = surroundings((value) => value < 1 - SURE);
  return mask.map((_value, i) => (subject[i] === 1 ? 1 : background[i] === 1 ? 0 : 0.5));
}
