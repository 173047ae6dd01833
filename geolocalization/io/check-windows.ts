import type { MeasuredWindow } from '../../contracts/scene-registration-plan.ts';
import { cutRaster, type PixelWindow } from '../../maths/raster.ts';
import { structuralSimilarity } from '../../maths/structural-similarity.ts';
import { SEARCH_RADIUS } from '../model/registration/places-to-look.ts';
import { isTiePoint, measureTiePoint } from '../model/registration/tie-points.ts';
import type { RasterReader } from './read-raster.ts';

const STILL = { x: 0, y: 0 };

/** A reference, and a scene on its grid as it states its place and as corrected. */
export interface ViewsToCheck {
  reference: RasterReader;
  stated: RasterReader;
  corrected: RasterReader;
}

/** Compares a window of a corrected scene again, and tells how alike it is before and after. */
export async function checkWindow(
  views: ViewsToCheck,
  window: PixelWindow,
): Promise<MeasuredWindow> {
  const searchRadius = Math.min(SEARCH_RADIUS, window.width / 4);
  // The round trip and the second pass look beside the window by what was searched.
  const margin = 2 * searchRadius + 1;
  const inner = { ...window, x: margin, y: margin };
  const around = {
    x: window.x - margin,
    y: window.y - margin,
    width: window.width + 2 * margin,
    height: window.height + 2 * margin,
  };
  const reference = await views.reference.read({ window: around });
  const target = await views.corrected.read({ window: around });
  const plan = { offset: STILL, expected: STILL, searchRadius };
  const measured = measureTiePoint(reference, target, inner, plan);
  if (!isTiePoint(measured)) return { ...measured, window };
  const part = cutRaster(reference, inner);
  const before = await views.stated.read({ window });
  return {
    ...measured,
    window,
    at: { x: window.x + (window.width - 1) / 2, y: window.y + (window.height - 1) / 2 },
    similarityBefore: structuralSimilarity(part, before),
    similarityAfter: structuralSimilarity(part, cutRaster(target, inner)),
  };
}
