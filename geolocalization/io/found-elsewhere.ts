import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { ScenePlacement } from '../../contracts/scene-placement.ts';
import type { JudgedLook, RegistrationPlan } from '../../contracts/scene-registration-plan.ts';
import type { SceneRegistration } from '../../contracts/scene-registration.ts';
import type { Position } from '../../maths/map-projection.ts';
import { footprintThrough } from '../model/footprint.ts';
import { figuresOf } from '../model/place-scene.ts';
import { hasModel } from '../model/registration/describe-registration.ts';
import { departureOf } from '../model/registration/georeference-departure.ts';
import { groundDisplacement } from '../model/registration/ground-displacement.ts';
import { foundBySearch } from '../model/registration/search-words.ts';
import { shiftOrigin } from '../model/rpc/chip-offset.ts';
import { type Correction, correctedGeoreference } from './corrected-georeference.ts';
import { openGeometry } from './open-geometry.ts';
import { mappingOf } from './open-pair.ts';

/**
 * The document of a scene that a search has found: how far from where it states, how it is turned and scaled
 * against that, and nothing of how far it lies from where the search found it first.
 */
export async function foundElsewhere(
  described: SceneRegistration,
  found: {
    plan: RegistrationPlan;
    judged: JudgedLook;
    /** On the ground, in the middle of the matches. */
    truth: Position | null;
    /** Pixel of the grid at which the target shows that ground, by the place that was found first. */
    seen: { x: number; y: number };
    pathOf: (ref: ArtifactRef) => Promise<string>;
  },
): Promise<SceneRegistration> {
  const { plan, judged, truth, seen, pathOf } = found;
  const pixel = (await mappingOf(plan, pathOf))(seen.x, seen.y);
  const by = plan.search?.stated ? await openGeometry(plan.search.stated) : null;
  const stated = pixel === null ? null : (by?.toGround(pixel.x + 0.5, pixel.y + 0.5) ?? null);
  const displacement = truth === null || stated === null ? null : groundDisplacement(truth, stated);
  const off = displacement === null ? null : { displacement, departure: await departure() };
  return {
    ...described,
    ...(judged.status === 'LOCATED' ? foundBySearch(plan, judged, off) : {}),
    displacement,
    shiftPixels: null,
    residuals: { ...described.residuals, rmsBeforePixels: null, rmsBeforeMeters: null },
  };

  async function departure() {
    if (by === null || !hasModel(judged)) return null;
    const correction = await correctedGeoreference(plan, judged, pathOf);
    const mended = mendedPlacement(plan.target.placement, correction);
    const geometry = mended === null ? null : await openGeometry(mended);
    return geometry === null ? null : departureOf(by.toGround, geometry.toGround, plan.target);
  }
}

/**
 * Where a scene lies by its mended georeference; nothing when nothing mends it. Of one that a search has found
 * also the middle, the size of its pixels and its area: it has none of those yet, or wrong ones.
 */
export async function correctedOutline(
  { search, target: { placement, width, height } }: Pick<RegistrationPlan, 'search' | 'target'>,
  correction: Correction,
): Promise<Pick<SceneRegistration, 'correctedFootprint' | 'correctedPlace'>> {
  const mended = mendedPlacement(placement, correction);
  const geometry = mended === null ? null : await openGeometry(mended);
  if (geometry === null) return { correctedFootprint: null };
  const outline = footprintThrough(width, height, geometry.toGround).geometry;
  return {
    correctedFootprint: outline,
    ...(search === undefined || outline === null
      ? {}
      : { correctedPlace: figuresOf(outline, { width, height }, geometry.toGround) }),
  };
}

/** A placement with its correction; null when there is none for it. */
export function mendedPlacement(
  placement: ScenePlacement,
  { correctedTransform, correctedBias, correctedControl }: Correction,
): ScenePlacement | null {
  if (placement.kind === 'affine') {
    return correctedTransform === null ? null : { ...placement, transform: correctedTransform };
  }
  if (placement.kind === 'control') {
    return correctedControl === undefined ? null : { ...placement, ...correctedControl };
  }
  if (correctedBias === null) return null;
  const { model } = placement;
  // The bias is added to what the model projects, as if the image started so much earlier.
  const { sample, line } = shiftOrigin(model, {
    sample: -correctedBias.samplePixels,
    line: -correctedBias.linePixels,
  });
  return {
    ...placement,
    model: {
      ...model,
      sample: { ...model.sample, offset: sample.offset },
      line: { ...model.line, offset: line.offset },
    },
  };
}
