import { type CoarseShift, coarseShifts } from '../model/registration/coarse-shift.ts';
import type { Point } from '../model/registration/shift-model.ts';
import { sharedPart } from '../model/registration/window-grid.ts';
import type { OpenPair } from './open-pair.ts';

/** Pixels of the longer side of what is read of each: enough for the three levels that are looked at. */
const LONG_SIDE = 1024;

/**
 * A coarse look at the whole of both sides, of which only small means are ever in memory.
 *
 * @param offset pixel (x, y) of the reference is (x + offset.x, y + offset.y) of the target.
 */
export async function coarseLooks(
  { reference, target }: Pick<OpenPair, 'reference' | 'target'>,
  offset: Point,
  beat: () => void,
): Promise<CoarseShift[]> {
  const part = sharedPart(reference, target, offset);
  if (part.width === 0 || part.height === 0) return [];
  const factor = Math.ceil(Math.max(part.width, part.height) / LONG_SIDE);
  const whole = { x: Math.round(offset.x), y: Math.round(offset.y) };
  const from = await reference.read({ window: part, factor, beat, isRough: true });
  beat();
  const to = await target.read({
    window: { ...part, x: part.x + whole.x, y: part.y + whole.y },
    factor,
    beat,
    isRough: true,
  });
  beat();
  const left = { x: (offset.x - whole.x) / factor, y: (offset.y - whole.y) / factor };
  return coarseShifts(from, to, left).map((look) => ({
    ...look,
    shift: { x: look.shift.x * factor, y: look.shift.y * factor },
    factor: look.factor * factor,
    reach: look.reach * factor,
  }));
}
