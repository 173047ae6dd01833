import type { FlightAccuracy, ImageAccuracy } from '../../contracts/accuracy.ts';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { Finding } from '../../contracts/findings.ts';
import type { FlightManifest } from '../../contracts/flight.ts';
import type { GroundAccuracy } from '../../contracts/ground-accuracy.ts';
import type { ImageControl } from '../../contracts/image-control.ts';
import type { BundleStatement } from '../../contracts/bundle.ts';
import type { RelativeStatement } from '../../contracts/relative-pairs.ts';
import type { AssessmentPlan } from './assessment-plan.ts';
import { judgeGround } from './ground-accuracy.ts';
import { spreadOf } from '../../maths/value-spread.ts';

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
  private readonly controls: ImageControl[] = [];
  private readonly imageFindings: Finding[] = [];

  add(images: readonly ImageAccuracy[]): void {
    for (const image of images) {
      if (image.gsd === null) this.unassessed++;
      else this.assessed++;
      if (image.control !== undefined) this.controls.push(image.control);
      this.imageFindings.push(...(image.findings ?? []));
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

  /** @param plan null in runs that an older version began: control is then not evaluated. */
  build(
    manifest: FlightManifest,
    parts: ArtifactRef[],
    plan: AssessmentPlan | null = null,
    {
      relative = null,
      bundle = null,
    }: { relative?: RelativeStatement | null; bundle?: BundleStatement | null } = {},
  ): FlightAccuracy {
    const gsd = spreadOf(this.gsd);
    const { flightId } = manifest;
    const blocking = manifest.findings
      .filter(({ severity, scope }) => severity === 'error' && scope === 'flight')
      .map(({ message }) => message);
    const judged =
      plan === null
        ? null
        : judgeGround(plan, this.controls, { flightId, gsd: gsd?.median ?? null, blocking });
    return {
      schemaVersion: 1,
      flightId,
      imagesAssessed: this.assessed,
      imagesUnassessed: this.unassessed,
      gsd,
      tiltDegrees: spreadOf(this.tilt),
      expectedSigma: spreadOf(this.sigma),
      blur: spreadOf(this.blur),
      meanLuminance: spreadOf(this.luminance),
      rmseHorizontal: judged?.ground.statistics?.rmseHorizontal ?? null,
      ground: judged?.ground ?? null,
      relative,
      bundle,
      parts,
      findings: [
        ...(gsd === null ? [] : gsdFindings(flightId, gsd.minimum, gsd.maximum)),
        ...(plan?.findings ?? []),
        ...this.imageFindings,
        ...(judged?.findings ?? []),
        ...bundleFindings(flightId, bundle),
      ],
      ...this.verdict(manifest, judged?.ground.gate ?? null, blocking),
    };
  }

  /**
   * `fail` is shown bad, `review` is not shown good. `pass` claims an accuracy on the ground, so that it
   * takes surveyed points, and the whole flight.
   */
  private verdict(
    manifest: FlightManifest,
    gate: GroundAccuracy['gate'] | null,
    blocking: readonly string[],
  ): Pick<FlightAccuracy, 'verdict' | 'reasons'> {
    const doubts = [
      ...(this.assessed === 0
        ? ['no image has the records that a ground sample distance needs']
        : []),
      ...manifest.findings
        .filter(({ severity, scope }) => severity === 'error' && scope === 'file')
        .map(({ message }) => message),
      ...this.pageReasons,
    ];
    if (blocking.length > 0) {
      // What blocks stands among the reasons of the gate, too.
      const shown = gate?.verdict === 'fail' ? gate.reasons : [];
      return { verdict: 'fail', reasons: [...new Set([...blocking, ...shown]), ...doubts] };
    }
    if (gate === null) {
      const words = 'accuracy on the ground was not assessed: control was not evaluated';
      return { verdict: 'review', reasons: [words, ...doubts] };
    }
    const isWhole = doubts.length === 0 || gate.verdict !== 'pass';
    return {
      verdict: isWhole ? gate.verdict : 'review',
      reasons: [...gate.reasons, ...doubts],
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

function bundleFindings(flightId: string, bundle: BundleStatement | null): Finding[] {
  const finding = (code: Finding['code'], words: string): Finding => ({
    code,
    severity: 'error',
    scope: 'flight',
    subject: flightId,
    message: `The bundle adjustment is not to be believed: ${words}`,
    values: {},
  });
  if (bundle === null) return [];
  if ('reason' in bundle) return [finding('BLOCK_WEAK', bundle.reason)];
  return bundle.doubts.map(({ code, words }) => finding(code, words));
}
