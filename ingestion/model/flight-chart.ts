import type { Finding } from '../../contracts/findings.ts';
import type { FlightGeometry, FlightImage, FlightStrip } from '../../contracts/flight.ts';
import type { FlightThresholds } from '../../contracts/flight-thresholds.ts';
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
  private rank = 0;

  constructor(frame: FlightFrame) {
    this.frame = frame;
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

  settle(limits: FlightThresholds, isTimeTrusted: (name: string) => boolean): ChartedFlight {
    const track = trackOf(this.placed, isTimeTrusted);
    const neighbors = neighborsOf(track);
    const overlaps = overlapsOfTrack(track, neighbors);
    const geometry = flightGeometry(track, overlaps, this.frame);
    const isNadirFlight = geometry !== null && looksDown(geometry);
    const findings = exposureFindings(track, neighbors, limits, isNadirFlight);
    for (const finding of likenessFindings(track, this.placed)) {
      findings.set(finding.subject, [...(findings.get(finding.subject) ?? []), finding]);
    }
    return {
      track,
      neighbors,
      strips: stripsOf(track),
      geometry,
      positions: this.placed.map(({ description }) => description.position!),
      findings,
      flightFindings: (flightId) => [
        ...(geometry === null ? [] : geometryFindings(flightId, geometry, overlaps, limits)),
        ...[yawTrackFinding(flightId, track)].filter((finding) => finding !== null),
      ],
    };
  }
}
