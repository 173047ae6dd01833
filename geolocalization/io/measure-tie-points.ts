import type { PixelWindow } from '../../maths/raster.ts';
import {
  isTiePoint,
  type MatchPlan,
  measureTiePoint,
  type SkippedWindow,
  type TiePoint,
} from '../model/registration/tie-points.ts';
import type { RasterReader, RasterRequest } from './read-raster.ts';

/** The round trip and the second pass look beside the window by what was searched. */
const PASSES = 2;

/**
 * Compares windows of two files on grids with the same pixels. Only the pixels around each are in memory,
 * so that the size of the scenes does not matter.
 *
 * @param options.beforeEach such as a heartbeat; it may throw to stop the work.
 */
export async function measureTiePoints(
  { reference, target }: { reference: RasterReader; target: RasterReader },
  windows: readonly PixelWindow[],
  plan: MatchPlan,
  { bands, beforeEach }: Pick<RasterRequest, 'bands'> & { beforeEach?: () => void } = {},
): Promise<(TiePoint | SkippedWindow)[]> {
  const margin = PASSES * plan.searchRadius + 1;
  const whole = {
    x: Math.round(plan.offset.x + plan.expected.x),
    y: Math.round(plan.offset.y + plan.expected.y),
  };
  const request = bands === undefined ? {} : { bands };
  const measured: (TiePoint | SkippedWindow)[] = [];
  for (const window of windows) {
    beforeEach?.();
    const around = {
      x: window.x - margin,
      y: window.y - margin,
      width: window.width + 2 * margin,
      height: window.height + 2 * margin,
    };
    const moved = { ...around, x: around.x + whole.x, y: around.y + whole.y };
    const found = measureTiePoint(
      await reference.read({ ...request, window: around }),
      await target.read({ ...request, window: moved }),
      { ...window, x: margin, y: margin },
      // In these parts the guess is at the middle, and only the fraction of the offset is left.
      {
        ...plan,
        offset: { x: plan.offset.x - whole.x, y: plan.offset.y - whole.y },
      },
    );
    const at = { x: window.x + (window.width - 1) / 2, y: window.y + (window.height - 1) / 2 };
    measured.push(isTiePoint(found) ? { ...found, window, at } : { ...found, window });
  }
  return measured;
}
