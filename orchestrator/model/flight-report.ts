import type { FlightAccuracy, Spread } from '../../contracts/accuracy.ts';
import type { GroundAccuracy } from '../../contracts/ground-accuracy.ts';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { AdmittedRequest, Verdict } from '../../contracts/automation.ts';
import type { Finding } from '../../contracts/findings.ts';
import type { BoundaryCoverage, FlightImage, FlightManifest } from '../../contracts/flight.ts';
import type { StatedSettings } from '../../contracts/flight-settings.ts';
import { lengthWords, listWords } from './words.ts';

/** The result of a flight as a document. Lengths in meters; nothing in it depends on when or where it ran. */
export interface FlightReport {
  schemaVersion: 1;
  imageType: 'Navad';
  jobId: string;
  message: string;
  verdict: Verdict;
  reasons: string[];
  counts: FlightManifest['counts'];
  cameras: FlightManifest['statistics']['cameras'];
  capturedFrom: string | null;
  capturedTo: string | null;
  positions: number;
  bounds: number[] | null;
  gsd: Spread;
  tiltDegrees: Spread;
  expectedSigma: Spread;
  blur: Spread;
  meanLuminance: Spread;
  rmseHorizontal: number | null;
  /** What surveyed points say, in short; null without any. */
  ground: GroundSummary | null;
  failedImages: { name: string; findings: Finding[] }[];
  warnings: Finding[];
  notEvaluated: string[];
  /** There where the request or `flight.json` states something. */
  settings?: StatedSettings;
  /** Of `boundary.geojson`. */
  boundary?: BoundaryCoverage;
  manifest: ArtifactRef;
  accuracy: ArtifactRef | null;
  /** Everything that the page shows, for programs; null when the flight was not assessed. */
  report: ArtifactRef | null;
}

/** Meters; of distinct points. */
export interface GroundSummary {
  points: number;
  rmseHorizontal: number;
  interval: { lower: number; upper: number } | null;
  rmseVertical: number | null;
  ce90: number | null;
  decidedBy: GroundAccuracy['gate']['numbers'];
  suspects: number;
}

/** Images that are named in the message; all are listed in the report. */
const NAMED_IMAGES = 5;

/** @param accuracy null when the flight was rejected, or was only to be checked. */
export function flightReport(
  request: AdmittedRequest,
  manifest: FlightManifest,
  images: readonly FlightImage[],
  accuracy: FlightAccuracy | null,
  refs: { manifest: ArtifactRef; accuracy: ArtifactRef | null; report: ArtifactRef | null },
): FlightReport {
  const failedImages = images.flatMap(({ name, findings }) => {
    const errors = findings.filter(({ severity }) => severity === 'error');
    return errors.length === 0 ? [] : [{ name, findings: errors }];
  });
  const warnings = [
    ...images.flatMap(({ findings }) => findings.filter(({ severity }) => severity !== 'error')),
    ...(accuracy?.findings ?? []),
  ];
  const { verdict, reasons } = accuracy ?? unassessed(manifest);
  const { statistics, counts } = manifest;
  return {
    schemaVersion: 1,
    imageType: 'Navad',
    jobId: request.jobId,
    message: messageOf(
      request.jobId,
      verdict,
      counts,
      accuracy?.gsd ?? null,
      summaryOf(accuracy?.ground ?? null),
      failedImages,
      reasons,
    ),
    verdict,
    reasons,
    counts,
    cameras: statistics.cameras,
    capturedFrom: statistics.capturedFrom,
    capturedTo: statistics.capturedTo,
    positions: statistics.positions,
    bounds: statistics.bounds,
    gsd: accuracy?.gsd ?? null,
    tiltDegrees: accuracy?.tiltDegrees ?? null,
    expectedSigma: accuracy?.expectedSigma ?? null,
    blur: accuracy?.blur ?? null,
    meanLuminance: accuracy?.meanLuminance ?? null,
    rmseHorizontal: accuracy?.rmseHorizontal ?? null,
    ground: summaryOf(accuracy?.ground ?? null),
    failedImages,
    warnings,
    notEvaluated: request.notEvaluated,
    ...(manifest.settings === undefined ? {} : { settings: manifest.settings }),
    ...(statistics.boundary === undefined ? {} : { boundary: statistics.boundary }),
    manifest: refs.manifest,
    accuracy: refs.accuracy,
    report: refs.report,
  };
}

function summaryOf(ground: GroundAccuracy | null): GroundSummary | null {
  if (ground === null || ground.statistics === null) return null;
  const { statistics, intervals, percentiles, gate, suspects, verticalNotAssessed } = ground;
  return {
    points: statistics.n,
    rmseHorizontal: statistics.rmseHorizontal,
    interval: intervals.horizontal,
    rmseVertical: verticalNotAssessed === null ? statistics.rmseVertical : null,
    ce90: percentiles?.ce90 ?? null,
    decidedBy: gate.numbers,
    suspects: suspects.length,
  };
}

function unassessed({
  verdict,
  findings,
}: FlightManifest): Pick<FlightReport, 'verdict' | 'reasons'> {
  if (verdict === 'rejected') {
    return { verdict: 'fail', reasons: findings.map(({ message }) => message) };
  }
  return { verdict: 'review', reasons: ['only checked: accuracy was not assessed'] };
}

function messageOf(
  jobId: string,
  verdict: Verdict,
  counts: FlightReport['counts'],
  gsd: Spread,
  ground: GroundSummary | null,
  failedImages: FlightReport['failedImages'],
  reasons: readonly string[],
): string {
  const failed = failedImages.map(({ name, findings }) => `${name} (${findings[0]!.code})`);
  return [
    `Flight "${jobId}": ${verdict}`,
    `${counts.usable} of ${counts.images} images are usable`,
    ...(gsd === null ? [] : [`ground sample distance ${lengthWords(gsd.median)}`]),
    ...(ground === null ? [] : [groundWords(ground)]),
    ...(failed.length === 0 ? [] : [`with errors: ${listWords(failed, NAMED_IMAGES)}`]),
    ...reasons.slice(0, 2),
  ].join('; ');
}

function groundWords({ points, rmseHorizontal, interval, rmseVertical }: GroundSummary): string {
  const limits =
    interval === null
      ? ''
      : ` (95 %: ${lengthWords(interval.lower)} to ${lengthWords(interval.upper)})`;
  const vertical = rmseVertical === null ? '' : `, vertical ${lengthWords(rmseVertical)}`;
  return `horizontal RMSE ${lengthWords(rmseHorizontal)}${limits}${vertical} on ${points} surveyed points`;
}
