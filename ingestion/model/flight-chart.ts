import type { Finding } from '../../contracts/findings.ts';
import type {
  BoundaryCoverage,
  FlightGeometry,
  FlightImage,
  FlightStrip,
} from '../../contracts/flight.ts';
import type { Boundary } from '../../contracts/flight-companions.ts';
import type { FlightThresholds } from '../../contracts/flight-thresholds.ts';
import { judgeBoundary } from './boundary-coverage.ts';
import { exposureFindings, yawTrackFinding } from './exposure-findings.ts';
import { flightGeometry, overlapsOfTrack } from './flight-geometry.ts';
import { type FlightTrack, stripsOf, trackOf } from './flight-track.ts';
import { geometryFindings, looksDown } from './geometry-findings.ts';
import { type FlightFrame, type PlacedImage, placeImage } from './placed-image.ts';
import { likenessFindings } from './likeness.ts';
import { type Neighbors, neighborsOf } from './track-neighbors.ts';

/** Where the usable images of a flight lie, line by line. */
export interface ChartedFlight {
  track: FlightTrack;
  neighbors: Neighbors[];
  strips: FlightStrip[];
  geometry: FlightGeometry | null;
  /** Of the area of interest, where one is stated and is that of this flight. */
  boundary: BoundaryCoverage | null;
  /** Of the images in the chart. */
  positions: { latitude: number; longitude: number }[];
  /** Of single images, by name. */
  findings: ReadonlyMap<string, Finding[]>;
  /** Of the flight as a whole. */
  flightFindings: (flightId: string) => Finding[];
}

/** Gathers, image by image, where the usable images of a flight lie. */
export class FlightChart {
  private readonly placed: PlacedImage[] = [];
  private readonly frame: FlightFrame;
  private readonly boundary: Boundary | undefined;
  private rank = 0;

  constructor(frame: FlightFrame, boundary?: Boundary) {
    this.frame = frame;
    this.boundary = boundary;
  }

  /** Call it in order of name. */
  add(image: FlightImage): void {
    const placed = placeImage(image, this.rank++, this.frame);
    if (placed !== null) this.placed.push(placed);
  }

  /** An image that cannot be used keeps its place in the order of names. */
  skip(): void {
    this.rank++;
  }

  /** Works out the chart, with a stop between its steps: of a large flight each takes seconds. */
  *settle(
    limits: FlightThresholds,
    isTimeTrusted: (name: string) => boolean,
  ): Generator<void, ChartedFlight> {
    const track = trackOf(this.placed, isTimeTrusted);
    yield;
    const neighbors = neighborsOf(track);
    yield;
    const overlaps = overlapsOfTrack(track, neighbors);
    yield;
    const geometry = flightGeometry(track, overlaps, this.frame, limits.minImagesOnGround);
    yield;
    const isNadirFlight = geometry !== null && looksDown(geometry, limits);
    const findings = exposureFindings(track, neighbors, limits, isNadirFlight);
    const area = this.boundary;
    const usualGsd = geometry?.gsd?.median ?? null;
    const boundary =
      area === undefined ? null : judgeBoundary(area, track, this.frame, usualGsd, limits);
    const ofImages = [
      ...likenessFindings(track, this.placed, limits),
      ...(boundary?.outside ?? []),
    ];
    for (const finding of ofImages) {
      findings.set(finding.subject, [...(findings.get(finding.subject) ?? []), finding]);
    }
    return {
      track,
      neighbors,
      strips: stripsOf(track),
      geometry,
      boundary: boundary?.statistics ?? null,
      positions: this.placed.map(({ description }) => description.position!),
      findings,
      flightFindings: (flightId) => [
        ...(geometry === null ? [] : geometryFindings(flightId, geometry, overlaps, limits)),
        ...(boundary?.flightFindings(flightId) ?? []),
        ...[yawTrackFinding(flightId, track, limits)].filter((finding) => finding !== null),
      ],
    };
  }
}
