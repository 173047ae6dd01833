import type { FlightAccuracy } from '../../../contracts/accuracy.ts';
import type { ArtifactRef } from '../../../contracts/artifacts.ts';
import type { FlightImage, FlightManifest } from '../../../contracts/flight.ts';
import type { FlightReportDocument, ReportImage } from '../../../contracts/report.ts';
import type { Coverage } from '../../../maths/coverage.ts';
import { figuresOf } from './figures.ts';

const conventions = {
  residuals: 'product minus reference: where the image puts a point minus where it was surveyed',
  pixels:
    '(0, 0) is the center of the upper-left pixel of the raster as stored, EXIF Orientation not applied',
  frame: 'meters east, north, up of one origin a flight, on the WGS84 ellipsoid',
  units: 'meters and degrees where a field names no other',
};

/** The report of an assessed flight as a document. */
export function reportDocument(flight: {
  manifest: FlightManifest;
  images: readonly FlightImage[];
  rows: ReportImage[];
  accuracy: FlightAccuracy;
  coverage: Coverage | null;
  claims: string[];
  refs: { manifest: ArtifactRef; accuracy: ArtifactRef };
}): FlightReportDocument {
  const { manifest, images, rows, accuracy, coverage, claims, refs } = flight;
  return {
    schemaVersion: 1,
    kind: 'flight-accuracy-report',
    flightId: manifest.flightId,
    verdict: accuracy.verdict,
    reasons: accuracy.reasons,
    conventions,
    counts: manifest.counts,
    figures: figuresOf(accuracy),
    ground: accuracy.ground ?? null,
    relative: accuracy.relative ?? null,
    bundle: accuracy.bundle ?? null,
    coverage: coverage === null ? null : { cellMeters: coverage.cell, shares: coverage.shares },
    images: rows,
    findings: [
      ...manifest.findings,
      ...images.flatMap(({ findings }) => findings),
      ...accuracy.findings,
    ],
    claims,
    manifest: refs.manifest,
    accuracy: refs.accuracy,
  };
}
