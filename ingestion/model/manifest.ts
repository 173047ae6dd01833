import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { excludingCodes } from '../../contracts/findings.ts';
import type { Finding } from '../../contracts/findings.ts';
import type { FlightImage, FlightManifest, OrientationTest } from '../../contracts/flight.ts';
import type { FlightCompanions } from '../../contracts/flight-companions.ts';
import type { ChangedThresholds, FlightThresholds } from '../../contracts/flight-thresholds.ts';
import { median } from '../../maths/robust.ts';
import { datumFinding, modelDatumFinding } from './altitude-datum.ts';
import { controlFindings } from './control-findings.ts';
import { ControlImages } from './control-points.ts';
import { EventPlaces } from './event-poses.ts';
import { ExcludedImages } from './excluded-images.ts';
import { strangersIn, withFiledPose } from './filed-poses.ts';
import { type ChartedFlight, FlightChart } from './flight-chart.ts';
import { flightFindings } from './flight-findings.ts';
import { type FlightNorm, FlightSurvey } from './flight-survey.ts';
import { type GroundBelow, groundBelow, type HeightAt } from './ground-below.ts';
import { GroupCount, groupOf } from './image-groups.ts';
import { findingsAmongOthers, onTheSideOfTheFlight } from './image-among-others.ts';
import type { FlightFrame } from './placed-image.ts';
import { restatedImage } from './restated-image.ts';
import { keptThresholds, thresholdsWith } from './thresholds.ts';

const noCompanions: FlightCompanions = { poseFile: null, poses: {}, findings: [] };

/** What comparing neighbors gave: see `orientation-test.ts`. */
export interface OrientationFindings {
  /** By image name. */
  findings: ReadonlyMap<string, Finding>;
  counts: OrientationTest;
}

/**
 * Judges a flight that need not fit into memory at once. Pages come in order of name in three passes:
 * surveyed (what is usual), charted (where the usable ones lie), judged (what each is worth among the
 * others); then the manifest is built.
 */
export class ManifestBuilder {
  private companions: FlightCompanions;
  private readonly events = new EventPlaces();
  private readonly limits: FlightThresholds;
  private readonly flight: FlightSurvey;
  private readonly controlImages: ControlImages;
  private readonly groups: GroupCount;
  private readonly excluded: ExcludedImages;
  private readonly counts = { images: 0, usable: 0, failed: 0 };
  private excludedCount = 0;
  private isRemarked = false;
  private areEventsPlaced = false;
  private ground: GroundBelow | undefined;
  private readonly remarks: Finding[] = [];
  private settled: FlightNorm | undefined;
  private chart: FlightChart | undefined;
  private chartedFlight: ChartedFlight | undefined;

  /**
   * @param companions what the files beside the images say.
   * @param changed limits of the verdict that a request states.
   */
  constructor(companions: FlightCompanions = noCompanions, changed: ChangedThresholds = {}) {
    this.companions = companions;
    // What is stated there has been settled with the request already.
    this.limits = thresholdsWith({ ...changed, ...companions.settings?.values.thresholds });
    this.flight = new FlightSurvey(this.limits);
    this.excluded = new ExcludedImages(companions.settings?.values.exclude);
    this.controlImages = new ControlImages(companions.control ?? []);
    this.groups = new GroupCount(companions.groups);
  }

  /** Whether positions come from a list that knows times only: then `meet` every image first. */
  get needsTimes(): boolean {
    return this.companions.events !== undefined && this.companions.poseFile === null;
  }

  /** Pass before the first, where `needsTimes` says so: when each image was taken. */
  meet(images: readonly FlightImage[]): void {
    for (const image of images) this.events.add(image);
  }

  /** First pass: what the whole flight looks like. */
  survey(images: readonly FlightImage[]): void {
    this.placeEvents();
    for (const image of images) {
      // What a person leaves out is no measure for the others.
      if (this.excluded.findingOf(image.name) !== null) this.flight.pass(image.name);
      else this.flight.add(this.asStated(image));
      this.controlImages.add(image);
    }
  }

  /** Whether heights count from the ground: those above the take-off have nothing in common with a model's. */
  get needsGround(): boolean {
    return this.companions.settings?.values.heights !== 'takeoff';
  }

  /** West, south, east, north of the surveyed images, degrees; null when none has a position. */
  get bounds(): [number, number, number, number] | null {
    return this.flight.bounds;
  }

  /** Between the first and the second pass: what the ground below the flight is like. */
  useGround(heightAt: HeightAt): void {
    this.ground = groundBelow(heightAt, this.flight.takeOffs, this.limits);
  }

  /** Adds a finding of the flight as a whole, or of a file beside its images. */
  remark(finding: Finding): void {
    this.remarks.push(finding);
  }

  /** The limits that hold for this flight. */
  get thresholds(): FlightThresholds {
    return this.limits;
  }

  /** Images that were surveyed. */
  get imageCount(): number {
    return this.flight.names.length;
  }

  /** Second pass: where the images lie that can be used. */
  locate(images: readonly FlightImage[]): void {
    this.chart ??= new FlightChart(this.frame, this.companions.boundary);
    for (const surveyed of images) {
      const { image, findings } = this.compare(surveyed);
      if (isUsable(image, findings)) this.chart.add(image);
      else this.chart.skip();
    }
  }

  /** Works out where everything lies, step by step; call it when every image was located. */
  *settle(): Generator<void> {
    const chart = this.chart ?? new FlightChart(this.frame, this.companions.boundary);
    this.chartedFlight = yield* chart.settle(this.limits, (name) =>
      this.norm.order.isInOrder(name),
    );
  }

  /** Call it when every image was located. */
  get charted(): ChartedFlight {
    if (this.chartedFlight === undefined) for (const _step of this.settle());
    return this.chartedFlight!;
  }

  /** Third pass: what each image is worth among the others. */
  judge(images: readonly FlightImage[], orientation?: OrientationFindings): FlightImage[] {
    return images.map((surveyed) => {
      const { image, findings: compared } = this.compare(surveyed);
      const turned = orientation?.findings.get(image.name);
      const findings = [
        ...compared,
        ...(this.charted.findings.get(image.name) ?? []),
        ...(turned === undefined ? [] : [turned]),
      ];
      this.count(findings);
      const group = groupOf(image.name, this.companions.groups);
      this.groups.add(group, image.name);
      return {
        ...image,
        usable: isUsable(image, findings),
        findings,
        ...(group === undefined ? {} : { group }),
      };
    });
  }

  private count(findings: readonly Finding[]): void {
    this.counts.images++;
    // Whatever else is wrong with it: a person has said that it is none of the flight.
    if (findings.some(({ code }) => code === 'IMAGE_EXCLUDED')) {
      this.excludedCount++;
      return;
    }
    const hasFailed = findings.some(({ severity }) => severity === 'error');
    this.counts[hasFailed ? 'failed' : 'usable']++;
    this.isRemarked ||= findings.some(({ severity }) => severity !== 'info');
  }

  build(flightId: string, parts: ArtifactRef[], orientation?: OrientationFindings): FlightManifest {
    const control = this.controlImages.match(this.companions.control ?? []);
    const findings = [
      ...flightFindings(flightId, this.counts, this.flight.rtk, this.limits),
      ...this.charted.flightFindings(flightId),
      ...[
        datumFinding(flightId, this.flight.takeOffs, control.points, this.limits),
        this.ground === undefined ? null : modelDatumFinding(flightId, this.ground, this.limits),
      ].filter((finding) => finding !== null),
      ...this.remarks,
      ...this.companions.findings,
      ...strangersIn(this.companions, this.flight.names),
      ...this.groups.findings(),
      ...this.excluded.findings(),
      ...control.findings,
      ...controlFindings(control.points, this.charted.positions, this.limits),
    ];
    const groups = this.groups.entries();
    const { settings, boundary: area, groundModel } = this.companions;
    const { boundary } = this.charted;
    return {
      schemaVersion: 1,
      flightId,
      thresholds: keptThresholds(this.limits, area !== undefined),
      counts: {
        ...this.counts,
        ...(this.excludedCount === 0 ? {} : { excluded: this.excludedCount }),
      },
      ...(settings === undefined ? {} : { settings }),
      statistics: {
        ...this.flight.statistics(this.norm),
        positionFile: this.companions.poseFile,
        geometry: this.charted.geometry,
        orientation: orientation?.counts ?? null,
        ...(groups.length === 0 ? {} : { groups }),
        ...(boundary === null ? {} : { boundary }),
      },
      strips: this.charted.strips,
      control: control.points,
      ...(groundModel === undefined ? {} : { groundModel }),
      parts,
      findings,
      verdict: this.verdictOf(findings),
    };
  }

  private placeEvents(): void {
    if (this.areEventsPlaced) return;
    this.areEventsPlaced = true;
    if (this.needsTimes) this.companions = this.events.fill(this.companions);
  }

  private verdictOf(findings: readonly Finding[]): FlightManifest['verdict'] {
    const isRejected = findings.some(
      ({ severity, scope }) => severity === 'error' && scope === 'flight',
    );
    if (isRejected) return 'rejected';
    const isClean = !this.isRemarked && findings.every(({ severity }) => severity === 'info');
    return isClean ? 'accepted' : 'accepted_with_warnings';
  }

  /** An image as the flight has it, with everything that was found of it but its place among the lines. */
  private compare(surveyed: FlightImage): { image: FlightImage; findings: Finding[] } {
    const image = onTheSideOfTheFlight(this.asStated(surveyed), this.norm);
    const leftOut = this.excluded.findingOf(image.name);
    if (leftOut !== null) return { image, findings: [...image.findings, leftOut] };
    return { image, findings: [...image.findings, ...findingsAmongOthers(image, this.norm)] };
  }

  /** By its tags, then by the file that places it, then by what a person states of the flight. */
  private asStated(image: FlightImage): FlightImage {
    return restatedImage(withFiledPose(image, this.companions), this.companions.settings?.values);
  }

  private get norm(): FlightNorm {
    return (this.settled ??= this.flight.settle());
  }

  /** The ground is where a person says, else where the flight took off; else where its control lies. */
  private get frame(): FlightFrame {
    const { latitude, longitude } = this.flight.middle;
    const heights = (this.companions.control ?? []).flatMap(({ z }) => z ?? []);
    const takeOff = median(this.flight.takeOffs.map(({ altitude }) => altitude));
    const stated = this.companions.settings?.values.groundAltitudeMeters;
    const groundAltitude = stated ?? takeOff ?? median(heights);
    const isGroundStated = stated !== undefined;
    return { latitude, longitude, groundAltitude, isGroundStated, ground: this.ground };
  }
}

function isUsable({ description }: FlightImage, findings: readonly Finding[]): boolean {
  return description !== null && !findings.some(({ code }) => excludingCodes.includes(code));
}
