import type { ImageAccuracy } from '../../../contracts/accuracy.ts';
import type { FlightImage } from '../../../contracts/flight.ts';
import type { ReportImage } from '../../../contracts/report.ts';
import type { Place, Polygon } from '../../../maths/polygon.ts';
import { geodeticToEnu } from '../../../maths/geodesy.ts';
import { overlapOf } from '../../../maths/overlap.ts';

/** One row an image, in order of name: what ingestion and assessment found. */
export function imageRows(
  images: readonly FlightImage[],
  assessed: readonly ImageAccuracy[],
  outlines: ReadonlyMap<string, Polygon>,
): ReportImage[] {
  const accuracies = new Map(assessed.map((image) => [image.name, image]));
  const overlaps = overlapsWithNext(images, outlines);
  return images.map(({ name, usable, description, findings }) => {
    const accuracy = accuracies.get(name);
    const figures = accuracy?.control?.figures ?? null;
    const all = [...findings, ...(accuracy?.findings ?? [])];
    return {
      name,
      usable,
      gsd: accuracy?.gsd?.mean ?? accuracy?.gsd?.nominal ?? null,
      tiltDegrees: accuracy?.tiltDegrees ?? null,
      expectedSigma: accuracy?.expectedSigma ?? null,
      blur: description?.measures?.blur ?? null,
      meanLuminance: description?.measures?.meanLuminance ?? null,
      overlapWithNext: overlaps.get(name) ?? null,
      observations: figures?.n ?? 0,
      rmseRadial: figures?.rmseRadial ?? null,
      rmsePixels: figures?.rmsePixels ?? null,
      normalized: accuracy?.control?.normalized ?? null,
      findings: [...new Set(all.map(({ code }) => code))].sort(),
      reasons: accuracy?.reasons ?? [],
    };
  });
}

/**
 * Outlines on the ground, meters east and north of the middle of the first one, by name of the image.
 * Altitudes play no part: footprints are compared, not measured.
 */
export function outlinesOf(assessed: readonly ImageAccuracy[]): Map<string, Polygon> {
  const outlines = new Map<string, Polygon>();
  let origin: { latitudeDegrees: number; longitudeDegrees: number; heightMeters: number } | null =
    null;
  for (const { name, footprint } of assessed) {
    if (footprint === null) continue;
    const [longitude, latitude] = footprint[0]! as [number, number];
    origin ??= { latitudeDegrees: latitude, longitudeDegrees: longitude, heightMeters: 0 };
    const ring = footprint.slice(0, -1).map(([lon, lat]): Place => {
      const place = { latitudeDegrees: lat!, longitudeDegrees: lon!, heightMeters: 0 };
      const [east, north] = geodeticToEnu(place, origin!);
      return [east, north];
    });
    outlines.set(name, ring);
  }
  return outlines;
}

/** Share of the smaller footprint that an image shares with the one taken after it. */
function overlapsWithNext(
  images: readonly FlightImage[],
  outlines: ReadonlyMap<string, Polygon>,
): Map<string, number> {
  const taken = images
    .flatMap(({ name, description }) => {
      const outline = outlines.get(name);
      const at = description?.capturedAt ?? null;
      return outline === undefined || at === null ? [] : [{ name, at, outline }];
    })
    .toSorted((a, b) => (a.at === b.at ? (a.name < b.name ? -1 : 1) : a.at < b.at ? -1 : 1));
  const overlaps = new Map<string, number>();
  taken.forEach(({ name, outline }, index) => {
    const next = taken[index + 1];
    const share = next === undefined ? null : overlapOf(outline, next.outline);
    if (share !== null) overlaps.set(name, share);
  });
  return overlaps;
}
