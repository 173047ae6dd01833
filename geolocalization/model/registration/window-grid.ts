import type { PixelWindow } from '../../../maths/raster.ts';
import type { Point } from './shift-model.ts';

/** More windows than these tell nothing new, and cost time. */
const MAX_WINDOWS = 400;
/** Below as many windows they are laid closer, so that six can agree also where much has changed. */
const WANTED_WINDOWS = 48;
const SIDES = [128, 64, 32];
/** Sides of a window that the shared part is wide: fewer see the same ground, and are no witnesses. */
const SIDES_ACROSS = 2;

export interface WindowGrid {
  windows: PixelWindow[];
  side: number;
  step: number;
  /** How many windows see a pixel. */
  overlap: number;
}

/**
 * Windows over the part that reference and target share, on a regular grid: 128 pixels, or less when the
 * part is small, three quarters of a window apart, closer when there are few and wider when there are many.
 *
 * @param offset see `MatchPlan`.
 * @returns null when the shared part is smaller than 32 pixels.
 */
export function windowGrid(
  reference: { width: number; height: number },
  target: { width: number; height: number },
  offset: Point,
): WindowGrid | null {
  const shared = sharedPart(reference, target, offset);
  const shorter = Math.min(shared.width, shared.height);
  const side = SIDES.find((candidate) => candidate * SIDES_ACROSS <= shorter) ?? SIDES.at(-1)!;
  if (shorter < side) return null;
  const counted = (step: number) =>
    (Math.floor((shared.width - side) / step) + 1) *
    (Math.floor((shared.height - side) / step) + 1);
  let step = (side * 3) / 4;
  while (counted(step) < WANTED_WINDOWS && step > side / 4) step -= side / 8;
  while (counted(step) > MAX_WINDOWS) step += side / 8;
  const windows: PixelWindow[] = [];
  for (const y of starts(shared.y, shared.height, side, step)) {
    for (const x of starts(shared.x, shared.width, side, step)) {
      windows.push({ x, y, width: side, height: side });
    }
  }
  return { windows, side, step, overlap: Math.max(1, (side / step) ** 2) };
}

/** The rectangle of the reference that the target covers too, whole pixels. */
export function sharedPart(
  reference: { width: number; height: number },
  target: { width: number; height: number },
  offset: Point,
): PixelWindow {
  const x = Math.max(0, Math.ceil(-offset.x));
  const y = Math.max(0, Math.ceil(-offset.y));
  const right = Math.min(reference.width, Math.floor(target.width - offset.x));
  const bottom = Math.min(reference.height, Math.floor(target.height - offset.y));
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}

/** As many as fit, with what is left over on both sides alike. */
function starts(start: number, length: number, side: number, step: number): number[] {
  const count = Math.floor((length - side) / step) + 1;
  const margin = Math.floor((length - side - (count - 1) * step) / 2);
  return Array.from({ length: count }, (_, index) => start + margin + index * step);
}
