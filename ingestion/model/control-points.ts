import type { Finding } from '../../contracts/findings.ts';
import type { ControlPoint, FlightImage } from '../../contracts/flight.ts';
import type { ToGround } from '../../maths/map-projection.ts';
import type { ControlObservation } from './control-list.ts';
import { CountedFindings } from './counted-findings.ts';
import { lineFinding } from './file-finding.ts';
import { keysOfName } from './filed-poses.ts';
import { controlWarning } from './finding.ts';
import { rounded } from './value-spread.ts';

/** A tenth of a millimeter, and less than any mark can be picked to. */
const DIGITS = { degrees: 9, pixels: 4 };

/**
 * Brings the rows of a control file together by point, on the ground. A point keeps the place of its first
 * row; that another row contradicts it is said where the file is read.
 *
 * @param crs as the file states it.
 */
export function placeControl(
  observations: readonly ControlObservation[],
  toGround: ToGround,
  { crs, role, file }: { crs: string; role: ControlPoint['role']; file: string },
): { points: ControlPoint[]; findings: Finding[] } {
  const points = new Map<string, ControlPoint>();
  const findings = new CountedFindings();
  for (const { point: name, x, y, z, u, v, image, line } of observations) {
    const position = toGround(x, y);
    if (position === null) {
      const reason = `its coordinates ${x}, ${y} are no place in the system of the file: check both`;
      findings.add(lineFinding('GCP_ROW_INVALID', file, line, reason));
      continue;
    }
    const [longitude, latitude] = position.map((degrees) => rounded(degrees, DIGITS.degrees)) as [
      number,
      number,
    ];
    const point = points.get(name) ?? {
      name,
      role,
      crs,
      x,
      y,
      z,
      latitude,
      longitude,
      observations: [],
    };
    point.observations.push({ image, u, v });
    points.set(name, point);
  }
  return { points: [...points.values()], findings: findings.entries() };
}

/** What is known of an image that control was seen in. */
interface SeenImage {
  name: string;
  width: number;
  height: number;
  originalWidth: number;
  originalHeight: number;
}

/** Finds, image by image and in order of name, those that control was seen in. */
export class ControlImages {
  private readonly wanted: ReadonlySet<string>;
  private readonly seen = new Map<string, SeenImage>();

  constructor(points: readonly ControlPoint[]) {
    const images = points.flatMap(({ observations }) => observations.map(({ image }) => image));
    this.wanted = new Set(images.flatMap(keysOfName));
  }

  add({ name, description }: FlightImage): void {
    const width = description?.width ?? 0;
    const height = description?.height ?? 0;
    for (const key of keysOfName(name)) {
      if (!this.wanted.has(key) || this.seen.has(key)) continue;
      this.seen.set(key, {
        name,
        width,
        height,
        originalWidth: description?.originalWidth ?? width,
        originalHeight: description?.originalHeight ?? height,
      });
    }
  }

  /** Gives observations the names and the pixels of the flight; what cannot be used keeps its row. */
  match(points: readonly ControlPoint[]): { points: ControlPoint[]; findings: Finding[] } {
    const isOfOriginals = this.areOfOriginals(points);
    const missing = new Map<string, string[]>();
    const findings = new CountedFindings();
    const matched = points.map((point) => ({
      ...point,
      observations: point.observations.map((observation) => {
        const image = this.find(observation.image);
        if (image === undefined) {
          const seenBy = missing.get(observation.image) ?? [];
          missing.set(observation.image, seenBy);
          seenBy.push(point.name);
          return { ...observation, doubt: 'image_missing' as const };
        }
        const [u, v] = isOfOriginals
          ? onStored(observation, image)
          : [observation.u, observation.v];
        const seen = { image: image.name, u, v };
        // Of an unreadable image no size is known, and nothing is judged by it.
        if (image.width === 0 || isInside(seen, image)) return seen;
        findings.add(outsideFinding(point.name, seen, image));
        return { ...seen, doubt: 'outside_image' as const };
      }),
    }));
    for (const [image, names] of missing) findings.add(missingFinding(image, names));
    if (isOfOriginals) findings.add(rescaledFinding(this.seen.values().next().value!));
    return { points: matched, findings: findings.entries() };
  }

  private find(image: string): SeenImage | undefined {
    for (const key of keysOfName(image)) {
      const found = this.seen.get(key);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Marks beyond the stored pixels, in images that were made smaller: they were picked before that. */
  private areOfOriginals(points: readonly ControlPoint[]): boolean {
    return points.some(({ observations }) =>
      observations.some(({ image, u, v }) => {
        const seen = this.find(image);
        if (seen === undefined || seen.width === 0 || seen.originalWidth <= seen.width)
          return false;
        const isBeyond = u > seen.width - 0.5 || v > seen.height - 0.5;
        return isBeyond && u <= seen.originalWidth - 0.5 && v <= seen.originalHeight - 0.5;
      }),
    );
  }
}

/** From the pixels of the image as the camera made it to those of the smaller one that is stored. */
function onStored(
  { u, v }: { u: number; v: number },
  { width, height, originalWidth, originalHeight }: SeenImage,
): [number, number] {
  if (width === 0 || originalWidth <= width) return [u, v];
  return [
    rounded((u + 0.5) * (width / originalWidth) - 0.5, DIGITS.pixels),
    rounded((v + 0.5) * (height / originalHeight) - 0.5, DIGITS.pixels),
  ];
}

function isInside({ u, v }: { u: number; v: number }, { width, height }: SeenImage): boolean {
  return u >= -0.5 && u <= width - 0.5 && v >= -0.5 && v <= height - 0.5;
}

function outsideFinding(
  point: string,
  { image, u, v }: { image: string; u: number; v: number },
  { width, height }: SeenImage,
): Finding {
  const message = `Point "${point}" is marked at ${u}, ${v} in image "${image}", which has ${width} × ${height} pixels, and is not used: mark it again`;
  return controlWarning('GCP_OUTSIDE_IMAGE', point, message, { image, u, v, width, height });
}

function missingFinding(image: string, points: readonly string[]): Finding {
  const named = points.slice(0, 5).join(', ');
  const message = `The control names image "${image}", which the flight has not: ${points.length} rows are not used (${named}); add the image, or take them off`;
  return controlWarning('GCP_IMAGE_MISSING', points[0]!, message, { image, rows: points.length });
}

function rescaledFinding({ width, originalWidth }: SeenImage): Finding {
  const message = `The control was marked in images of ${originalWidth} pixels a row, the flight has ${width}: columns and rows are brought to the smaller size; mark it again if that is wrong`;
  return controlWarning('GCP_RESCALED', 'control', message, { originalWidth, width });
}
