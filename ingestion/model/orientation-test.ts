import type { Finding } from '../../contracts/findings.ts';
import type { OrientationTest } from '../../contracts/flight.ts';
import type { ComparedImage, Comparison, OrientedView } from '../../contracts/orientation-plan.ts';
import { overlapOf } from '../../maths/overlap.ts';
import { findTurnedImages } from '../../maths/turned-images.ts';
import { imageError } from './finding.ts';
import type { ChartedFlight } from './flight-chart.ts';
import type { Exposure } from './flight-track.ts';
import { rounded } from './value-spread.ts';

/** Share of the smaller footprint below which two images show too little of the same. */
const LEAST_OVERLAP = 0.2;
/** In its line, and beside it. */
const MOST_BESIDE = 4;

/** Which images are to be compared with which, in the order of flight; one by one, as a flight may be large. */
export function* planComparisons({ track, neighbors }: ChartedFlight): Generator<Comparison> {
  const views = track.exposures.map(viewOf);
  for (const [index, exposure] of track.exposures.entries()) {
    const image = views[index];
    if (image === null || image === undefined) continue;
    const { before, after, beside } = neighbors[index]!;
    const around = [after, before].filter((other) => other !== null);
    const shared = [...around, ...beside.slice(0, MOST_BESIDE)].filter((other) =>
      sharesGround(exposure, track.exposures[other]!),
    );
    const seen = shared.flatMap((other) => views[other] ?? []);
    if (seen.length > 0) yield { image, neighbors: seen };
  }
}

function viewOf({ name, camera, pose, footprint, description }: Exposure): OrientedView | null {
  const { preview } = description;
  if (camera === null || pose === null || footprint === null) return null;
  if (preview === null || preview === undefined) return null;
  const [a, b, c] = pose.rotation;
  const rotation: OrientedView['pose']['rotation'] = [[...a], [...b], [...c]];
  return { name, preview, camera, pose: { center: [...pose.center], rotation } };
}

function sharesGround(a: Exposure, b: Exposure): boolean {
  if (a.footprint === null || b.footprint === null) return false;
  return (overlapOf(a.footprint, b.footprint) ?? 0) >= LEAST_OVERLAP;
}

/**
 * Judges from the comparisons of all images which of them are turned: their pixels fit those of the
 * neighbors only when their yaw is changed.
 *
 * @param images how many the flight has, compared or not.
 * @param leastMargin by which an image has to fit better when turned, as a sum of logarithms.
 */
export function judgeOrientations(
  compared: readonly ComparedImage[],
  images: number,
  leastMargin: number,
): { findings: ReadonlyMap<string, Finding>; counts: OrientationTest } {
  const fitting = new Set(compared.filter(({ fits }) => fits).map(({ name }) => name));
  const turned = findTurnedImages(
    compared.flatMap(({ evidence }) => evidence),
    leastMargin,
  ).filter(({ image }) => !fitting.has(image));
  const findings = new Map(
    turned.map(({ image, turnDegrees, margin, pairs }) => {
      const message = `Image "${image}" fits its neighbors only when it is turned by ${turnDegrees} degrees, against its recorded yaw: over ${pairs} pairs it then fits ${Math.round(Math.exp(margin))} times as clearly; a program turned its pixels, or its gimbal was turned over: take the file as the camera wrote it, or leave it out`;
      const values = { turnDegrees, margin: rounded(margin), pairs };
      return [image, imageError('YAW_IMAGE_INCONSISTENT', image, message, values)];
    }),
  );
  const undecided = compared.length - fitting.size - findings.size;
  return {
    findings,
    counts: {
      fitting: fitting.size,
      turned: findings.size,
      undecided,
      untested: images - compared.length,
    },
  };
}
