import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { excludingCodes } from '../../contracts/findings.ts';
import type { FlightImage, FlightManifest } from '../../contracts/flight.ts';
import type { FlightCompanions } from '../../contracts/flight-companions.ts';
import { strangersIn, withFiledPose } from './filed-poses.ts';
import { flightFindings } from './flight-findings.ts';
import { type FlightNorm, FlightSurvey } from './flight-survey.ts';
import { findingsAmongOthers, onTheSideOfTheFlight } from './image-among-others.ts';
import { thresholds } from './thresholds.ts';

const noCompanions: FlightCompanions = { poseFile: null, poses: {}, findings: [] };

/**
 * Judges a flight that need not fit into memory at once: first every page is surveyed, then every page
 * is judged against the whole, then the manifest is built. Pages come in order of name both times.
 */
export class ManifestBuilder {
  private readonly companions: FlightCompanions;
  private readonly flight = new FlightSurvey();
  private readonly counts = { images: 0, usable: 0, failed: 0 };
  private remarked = 0;
  private settled: FlightNorm | undefined;

  /** @param companions what the files beside the images say. */
  constructor(companions: FlightCompanions = noCompanions) {
    this.companions = companions;
  }

  /** First pass: what the whole flight looks like. */
  survey(images: readonly FlightImage[]): void {
    for (const image of images) this.flight.add(withFiledPose(image, this.companions));
  }

  /** Second pass: what each image is worth among the others. */
  judge(images: readonly FlightImage[]): FlightImage[] {
    return images.map((surveyed) => {
      const image = onTheSideOfTheFlight(withFiledPose(surveyed, this.companions), this.norm);
      const findings = [...image.findings, ...findingsAmongOthers(image, this.norm)];
      const isExcluded = findings.some(({ code }) => excludingCodes.includes(code));
      const hasFailed = findings.some(({ severity }) => severity === 'error');
      this.counts.images++;
      this.counts[hasFailed ? 'failed' : 'usable']++;
      if (findings.length > 0) this.remarked++;
      return { ...image, usable: image.description !== null && !isExcluded, findings };
    });
  }

  build(flightId: string, parts: ArtifactRef[]): FlightManifest {
    const findings = [
      ...flightFindings(flightId, this.counts, this.flight.rtk),
      ...this.companions.findings,
      ...strangersIn(this.companions, this.flight.names),
    ];
    const isRejected = findings.some(
      ({ severity, scope }) => severity === 'error' && scope === 'flight',
    );
    const isClean = this.remarked + findings.length === 0;
    return {
      schemaVersion: 1,
      flightId,
      thresholds: { ...thresholds },
      counts: { ...this.counts },
      statistics: {
        ...this.flight.statistics(this.norm),
        positionFile: this.companions.poseFile,
      },
      parts,
      ...(this.companions.control === undefined ? {} : { control: this.companions.control }),
      findings,
      verdict: isRejected ? 'rejected' : isClean ? 'accepted' : 'accepted_with_warnings',
    };
  }

  private get norm(): FlightNorm {
    return (this.settled ??= this.flight.settle());
  }
}
