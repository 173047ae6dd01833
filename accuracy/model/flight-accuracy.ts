import type { FlightAccuracy, ImageAccuracy } from '../../contracts/accuracy.ts';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { Finding } from '../../contracts/findings.ts';
import type { FlightManifest } from '../../contracts/flight.ts';
import { spreadOf } from './spread.ts';

/** Largest over smallest mean GSD of a flight before it is remarked upon. */
const MAX_GSD_RATIO = 1.3;

/** Puts the images of a flight together, page after page, into one statement. */
export class FlightAccuracyBuilder {
  private readonly gsd: number[] = [];
  private readonly tilt: number[] = [];
  private readonly sigma: number[] = [];
  private readonly blur: number[] = [];
  private readonly luminance: number[] = [];
  private assessed = 0;
  private unassessed = 0;
  private readonly pageReasons: string[] = [];

  add(images: readonly ImageAccuracy[]): void {
    for (const image of images) {
      if (image.gsd === null) this.unassessed++;
      else this.assessed++;
      if (!image.usable) continue;
      if (image.gsd !== null) this.gsd.push(image.gsd.mean ?? image.gsd.nominal);
      if (image.tiltDegrees !== null) this.tilt.push(image.tiltDegrees);
      if (image.expectedSigma !== null) this.sigma.push(image.expectedSigma);
      if (image.blur !== null) this.blur.push(image.blur);
      if (image.meanLuminance !== null) this.luminance.push(image.meanLuminance);
    }
  }

  /** A page that could not be assessed is named, and does not stop the flight. */
  leaveOut(page: number, imageCount: number, reason: string): void {
    this.unassessed += imageCount;
    this.pageReasons.push(
      `page ${page} with ${imageCount} images could not be assessed: ${reason}`,
    );
  }

  build(manifest: FlightManifest, parts: ArtifactRef[]): FlightAccuracy {
    const gsd = spreadOf(this.gsd);
    const findings = gsd === null ? [] : gsdFindings(manifest.flightId, gsd.minimum, gsd.maximum);
    return {
      schemaVersion: 1,
      flightId: manifest.flightId,
      imagesAssessed: this.assessed,
      imagesUnassessed: this.unassessed,
      gsd,
      tiltDegrees: spreadOf(this.tilt),
      expectedSigma: spreadOf(this.sigma),
      blur: spreadOf(this.blur),
      meanLuminance: spreadOf(this.luminance),
      rmseHorizontal: null,
      parts,
      findings,
      ...this.verdict(manifest),
    };
  }

  /**
   * `fail` is shown bad, `review` is not shown good. `pass` would claim an accuracy on the ground, which
   * needs control to be evaluated: this version never gives it.
   */
  private verdict(manifest: FlightManifest): Pick<FlightAccuracy, 'verdict' | 'reasons'> {
    const bad = [
      ...manifest.findings.filter(({ severity }) => severity === 'error').map((f) => f.message),
      ...(this.assessed === 0
        ? ['no image has the records that a ground sample distance needs']
        : []),
    ];
    if (bad.length > 0) return { verdict: 'fail', reasons: [...bad, ...this.pageReasons] };
    return {
      verdict: 'review',
      reasons: [
        'accuracy on the ground was not assessed: this version does not evaluate control points',
        ...this.pageReasons,
      ],
    };
  }
}

function gsdFindings(flightId: string, minimum: number, maximum: number): Finding[] {
  if (maximum <= MAX_GSD_RATIO * minimum) return [];
  return [
    {
      code: 'GSD_SPREAD',
      severity: 'warning',
      scope: 'flight',
      subject: flightId,
      message: `The ground sample distance varies from ${(minimum * 100).toFixed(1)} to ${(maximum * 100).toFixed(1)} cm within the flight`,
      values: { minimum, maximum, limit: MAX_GSD_RATIO },
    },
  ];
}
