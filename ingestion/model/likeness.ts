import type { Finding } from '../../contracts/findings.ts';
import type { FlightThresholds } from '../../contracts/flight-thresholds.ts';
import { PointGrid } from '../../maths/point-grid.ts';
import { imageWarning } from './finding.ts';
import type { Exposure, FlightTrack } from './flight-track.ts';
import type { PlacedImage } from './placed-image.ts';

/** Bits a pixel below which there is nothing to compare: black, white, fog. */
const LEAST_ENTROPY = 1;

/**
 * Images that show again what another shows: the same pixels under other tags, the same moment, or the
 * same scene from the same place. The one that comes first by name is not spoken of.
 */
export function likenessFindings(
  track: FlightTrack,
  images: readonly PlacedImage[],
  limits: FlightThresholds,
): Finding[] {
  // Equal pixels are said first: an image is likened to another once.
  const found = new Map<string, Finding>();
  for (const finding of [
    ...pixelTwins(images),
    ...momentTwins(track, limits),
    ...sceneTwins(track, limits),
  ]) {
    const pair = JSON.stringify([finding.subject, finding.values['other']]);
    if (!found.has(pair)) found.set(pair, finding);
  }
  return [...found.values()];
}

function pixelTwins(images: readonly PlacedImage[]): Finding[] {
  const first = new Map<string, string>();
  const found: Finding[] = [];
  for (const { name, description } of [...images].sort((a, b) => a.rank - b.rank)) {
    const { measures } = description;
    if (measures?.pixelHash === undefined || measures.entropy < LEAST_ENTROPY) continue;
    const other = first.get(measures.pixelHash);
    if (other === undefined) first.set(measures.pixelHash, name);
    else {
      const message = `Image "${name}" has the pixels of "${other}" under other tags: leave one of them out`;
      found.push(imageWarning('DUPLICATE_PIXELS', name, message, { other }));
    }
  }
  return found;
}

function momentTwins(
  { exposures }: FlightTrack,
  { sameCaptureMeters }: FlightThresholds,
): Finding[] {
  const first = new Map<string, Exposure>();
  const findings: Finding[] = [];
  for (const exposure of [...exposures].sort((a, b) => a.rank - b.rank)) {
    const { name, capturedAt, place } = exposure;
    // Whole seconds do not tell one moment from the next.
    if (capturedAt === null || !capturedAt.includes('.')) continue;
    const other = first.get(capturedAt);
    if (other === undefined) first.set(capturedAt, exposure);
    else if (
      Math.hypot(place[0] - other.place[0], place[1] - other.place[1]) <= sameCaptureMeters
    ) {
      const message = `Image "${name}" was taken at the same time and place as "${other.name}": leave one of them out`;
      findings.push(
        imageWarning('DUPLICATE_CAPTURE', name, message, { other: other.name, capturedAt }),
      );
    }
  }
  return findings;
}

function sceneTwins(
  { exposures }: FlightTrack,
  { sameCaptureHashBits, sameCaptureFootprintShare }: FlightThresholds,
): Finding[] {
  const hoverReach = ({ gsd, description }: Exposure) =>
    sameCaptureFootprintShare * (gsd ?? 0) * description.width;
  const hashed = exposures
    .filter(
      ({ footprint, description }) =>
        footprint !== null &&
        description.measures?.differenceHash !== undefined &&
        description.measures.entropy >= LEAST_ENTROPY,
    )
    .sort((a, b) => a.rank - b.rank);
  const reach = hashed.reduce((most, exposure) => Math.max(most, hoverReach(exposure)), 0);
  if (!(reach > 0)) return [];
  const grid = new PointGrid(
    hashed.map(({ place }) => place),
    reach,
  );
  return hashed.flatMap((exposure, index) => {
    const { name, place, description } = exposure;
    const twin = grid
      .within(place, hoverReach(exposure))
      .find(
        (other) =>
          other < index &&
          differingBits(
            hashed[other]!.description.measures!.differenceHash!,
            description.measures!.differenceHash!,
          ) <= sameCaptureHashBits,
      );
    if (twin === undefined) return [];
    const other = hashed[twin]!.name;
    const message = `Image "${name}" shows what "${other}" shows, from the same place, as when the aircraft hovers: leave one of them out`;
    return [imageWarning('DUPLICATE_CAPTURE', name, message, { other })];
  });
}

/** @param a,b of equal length, in hexadecimal. */
export function differingBits(a: string, b: string): number {
  let bits = 0;
  for (let index = 0; index < a.length; index++) {
    let rest = Number.parseInt(a[index]!, 16) ^ Number.parseInt(b[index]!, 16);
    for (; rest > 0; rest &= rest - 1) bits++;
  }
  return bits;
}
