import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { excludingCodes, type Finding } from '../../contracts/findings.ts';
import type { FlightImage, FlightManifest, ImageDescription } from '../../contracts/flight.ts';
import type { FlightCompanions } from '../../contracts/flight-companions.ts';
import { median, nmad } from '../../maths/robust.ts';
import { CopyRegister } from './copies.ts';
import { strangersIn, withFiledPose } from './filed-poses.ts';
import { imageError } from './finding.ts';
import { Majority } from './majority.ts';
import {
  findOutlier,
  type FlightCenter,
  flightCenter,
  withNearestSigns,
} from './position-outlier.ts';
import { exposureFault, type FlightSharpness, qualityFindings } from './quality.ts';
import { thresholds } from './thresholds.ts';

const noCompanions: FlightCompanions = { poseFile: null, poses: {}, findings: [] };

/** What most of the flight is like; each image is judged against it. */
interface FlightNorm {
  sharpness: FlightSharpness | null;
  center: FlightCenter | null;
  size: string | null;
  camera: string | null;
}

/**
 * Judges a flight that need not fit into memory at once: first every page is surveyed, then every page
 * is judged against the whole, then the manifest is built. Pages come in order of name both times.
 */
export class ManifestBuilder {
  private readonly companions: FlightCompanions;
  private readonly names: string[] = [];
  private readonly copies = new CopyRegister();
  private readonly blurs: number[] = [];
  private readonly positions: { latitude: number; longitude: number }[] = [];
  private placed = 0;
  private readonly cameras = new Majority();
  private readonly sizes = new Majority();
  private readonly times = { from: null as string | null, to: null as string | null };
  private readonly counts = { images: 0, usable: 0, failed: 0 };
  private warnings = 0;
  private norm: FlightNorm | undefined;

  /** @param companions what the files beside the images say. */
  constructor(companions: FlightCompanions = noCompanions) {
    this.companions = companions;
  }

  /** First pass: what the whole flight looks like. */
  survey(images: readonly FlightImage[]): void {
    for (const image of images) {
      const { name, file, description } = withFiledPose(image, this.companions);
      this.names.push(name);
      if (file !== null) this.copies.add(file.sha256, name);
      if (description === null || description.width === 0) continue;
      const { measures, position, capturedAt } = description;
      if (measures !== null && exposureFault(measures) === null) this.blurs.push(measures.blur);
      if (position !== null) {
        this.placed++;
        // Where the signs are assumed the place may lie on the other side of the globe.
        if (position.hemisphere === undefined) this.positions.push(position);
      }
      this.cameras.add(cameraOf(description));
      this.sizes.add(sizeOf(description));
      if (capturedAt !== null) this.extendTime(capturedAt);
    }
  }

  /** Second pass: what each image is worth among the others. */
  judge(images: readonly FlightImage[]): FlightImage[] {
    const norm = (this.norm ??= this.settleNorm());
    return images.map((surveyed) => {
      const image = onTheSideOfTheFlight(withFiledPose(surveyed, this.companions), norm);
      const findings = [...image.findings, ...this.findingsAmongOthers(image, norm)];
      const isExcluded = findings.some(({ code }) => excludingCodes.includes(code));
      const hasFailed = findings.some(({ severity }) => severity === 'error');
      this.counts.images++;
      this.counts[hasFailed ? 'failed' : 'usable']++;
      if (findings.length > 0) this.warnings++;
      return { ...image, usable: image.description !== null && !isExcluded, findings };
    });
  }

  build(flightId: string, parts: ArtifactRef[]): FlightManifest {
    const findings = [
      ...this.flightFindings(flightId),
      ...this.companions.findings,
      ...strangersIn(this.companions, this.names),
    ];
    const isRejected = findings.some(
      ({ severity, scope }) => severity === 'error' && scope === 'flight',
    );
    return {
      schemaVersion: 1,
      flightId,
      thresholds: { ...thresholds },
      counts: { ...this.counts },
      statistics: {
        blurMedian: this.norm?.sharpness?.median ?? null,
        blurNmad: this.norm?.sharpness?.nmad ?? null,
        positions: this.placed,
        positionFile: this.companions.poseFile,
        capturedFrom: this.times.from,
        capturedTo: this.times.to,
        cameras: this.cameras.entries().map(([camera, images]) => ({ camera, images })),
        bounds: boundsOf(this.positions),
      },
      parts,
      findings,
      verdict: isRejected
        ? 'rejected'
        : this.warnings + findings.length > 0
          ? 'accepted_with_warnings'
          : 'accepted',
    };
  }

  private settleNorm(): FlightNorm {
    const [middle, spread] = [median(this.blurs), nmad(this.blurs)];
    return {
      sharpness: middle === null || spread === null ? null : { median: middle, nmad: spread },
      center: flightCenter(this.positions),
      size: this.sizes.key,
      camera: this.cameras.key,
    };
  }

  private findingsAmongOthers(
    { name, file, description }: FlightImage,
    norm: FlightNorm,
  ): Finding[] {
    const findings: Finding[] = [];
    const original = file === null ? null : this.copies.originalOf(file.sha256, name);
    if (original !== null) {
      const message = `Image "${name}" is a copy of "${original}", byte for byte`;
      findings.push(imageError('DUPLICATE_CONTENT', name, message, { original }));
    }
    if (description === null || description.width === 0) return findings;
    findings.push(...mismatches(name, description, norm));
    const away =
      description.position === null || norm.center === null
        ? null
        : findOutlier(description.position, norm.center);
    if (away !== null) {
      const message = `Image "${name}" lies ${(away.distance / 1000).toFixed(1)} km from the middle of the flight`;
      findings.push(imageError('GPS_OUTLIER', name, message, { ...away }));
    }
    if (description.measures !== null) {
      findings.push(...qualityFindings(name, description.measures, norm.sharpness));
    }
    return findings;
  }

  private flightFindings(flightId: string): Finding[] {
    const { images, usable, failed } = this.counts;
    const { minImages, maxErrorShare } = thresholds;
    const flight = { severity: 'error', scope: 'flight', subject: flightId } as const;
    const findings: Finding[] = [];
    if (usable < minImages) {
      findings.push({
        ...flight,
        code: 'TOO_FEW_IMAGES',
        message: `The flight has ${usable} usable of ${images} images: at least ${minImages} are needed`,
        values: { usable, images, needed: minImages },
      });
    }
    if (failed > images * maxErrorShare) {
      findings.push({
        ...flight,
        code: 'TOO_MANY_ERRORS',
        message: `${failed} of ${images} images have errors: at most ${maxErrorShare * 100} % may have`,
        values: { failed, images, maxErrorShare },
      });
    }
    return findings;
  }

  private extendTime(capturedAt: string): void {
    const { from, to } = this.times;
    if (from === null || capturedAt < from) this.times.from = capturedAt;
    if (to === null || capturedAt > to) this.times.to = capturedAt;
  }
}

/** Gives a position whose hemispheres are not stated the signs that fit the rest of the flight. */
function onTheSideOfTheFlight(image: FlightImage, { center }: FlightNorm): FlightImage {
  const { description } = image;
  if (description?.position?.hemisphere === undefined || center === null) return image;
  const position = withNearestSigns(description.position, center);
  return { ...image, description: { ...description, position } };
}

function mismatches(name: string, description: ImageDescription, norm: FlightNorm): Finding[] {
  const findings: Finding[] = [];
  const [size, camera] = [sizeOf(description), cameraOf(description)];
  if (norm.size !== null && size !== norm.size) {
    const message = `Image "${name}" has ${size} pixels, most of the flight ${norm.size}`;
    findings.push(imageError('SIZE_MISMATCH', name, message, { size, majority: norm.size }));
  }
  if (norm.camera !== null && camera !== norm.camera) {
    const message = `Image "${name}" was taken by ${camera}, most of the flight by ${norm.camera}`;
    findings.push(imageError('CAMERA_MISMATCH', name, message, { camera, majority: norm.camera }));
  }
  return findings;
}

function cameraOf({ make, model }: ImageDescription): string {
  return [make, model].filter((part) => part !== null && part !== '').join(' ') || 'unknown camera';
}

function sizeOf({ width, height }: ImageDescription): string {
  return `${width} x ${height}`;
}

/** West, south, east, north in degrees; a flight across the antimeridian gets a box around the globe. */
function boundsOf(positions: readonly { latitude: number; longitude: number }[]): number[] | null {
  if (positions.length === 0) return null;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { latitude, longitude } of positions) {
    [west, east] = [Math.min(west, longitude), Math.max(east, longitude)];
    [south, north] = [Math.min(south, latitude), Math.max(north, latitude)];
  }
  return [west, south, east, north];
}
