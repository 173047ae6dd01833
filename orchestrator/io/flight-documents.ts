import type { FlightAccuracy, ImageAccuracy } from '../../contracts/accuracy.ts';
import { type ArtifactRef, mediaTypes } from '../../contracts/artifacts.ts';
import type { FlightImage, FlightManifest } from '../../contracts/flight.ts';
import type { FlightReportDocument } from '../../contracts/report.ts';
import { canonicalJson } from '../../maths/canonical-json.ts';
import { coverageOf } from '../../maths/coverage.ts';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import type { FlightPageContent } from '../model/flight-page.ts';
import { claimSentences } from '../model/report/claims.ts';
import { imagesCsv, pointsCsv } from '../model/report/csv.ts';
import { reportDocument } from '../model/report/document.ts';
import { figuresOf } from '../model/report/figures.ts';
import { footprintsGeoJson } from '../model/report/footprints-geojson.ts';
import { imageRows, outlinesOf } from '../model/report/image-rows.ts';
import { controlListText, geoText } from '../model/report/odm-lists.ts';
import { stacOf } from '../model/report/stac.ts';
import { coveragePicture } from './coverage-picture.ts';

/** A flight as its stages left it. */
export interface FinishedFlight {
  manifest: FlightManifest;
  images: readonly FlightImage[];
  accuracy: FlightAccuracy | null;
  assessed: readonly ImageAccuracy[];
  refs: { manifest: ArtifactRef; accuracy: ArtifactRef | null };
}

/** Works out what the report and its page show. The same flight gives the same content. */
export async function flightContent(
  { manifest, images, accuracy, assessed }: FinishedFlight,
  thumbnails: ReadonlyMap<string, string>,
): Promise<FlightPageContent> {
  const outlines = outlinesOf(assessed);
  const raster = coverageOf([...outlines.values()], accuracy?.gsd?.median ?? 0);
  return {
    accuracy,
    assessed,
    rows: imageRows(images, assessed, outlines),
    figures: accuracy === null ? [] : figuresOf(accuracy),
    claims:
      accuracy === null
        ? ['The flight was not assessed: nothing is claimed about its accuracy.']
        : claimSentences(accuracy),
    findings: [
      ...manifest.findings,
      ...images.flatMap(({ findings }) => findings),
      ...(accuracy?.findings ?? []),
    ],
    coverage: raster === null ? null : { raster, picture: await coveragePicture(raster) },
    thumbnails,
  };
}

/** Writes the documents of an assessed flight for programs; nothing for one that was not assessed. */
export async function writeFlightDocuments(
  store: ArtifactStore,
  owner: string,
  { manifest, images, accuracy, assessed, refs }: FinishedFlight,
  { rows, claims, coverage }: FlightPageContent,
): Promise<Record<string, ArtifactRef>> {
  if (accuracy === null || refs.accuracy === null) return {};
  const ground = accuracy.ground ?? null;
  const report: FlightReportDocument = reportDocument({
    manifest,
    images,
    rows: [...rows],
    accuracy,
    coverage: coverage?.raster ?? null,
    claims: [...claims],
    refs: { manifest: refs.manifest, accuracy: refs.accuracy },
  });
  const stac = stacOf(manifest, images, assessed, accuracy);
  const controlList = controlListText(manifest.control ?? []);
  const add = (mediaType: string, text: string) =>
    store.addBytes(owner, mediaType, Buffer.from(text));
  const { json, geoJson, csv, text } = mediaTypes;
  return {
    'report.json': await add(json, canonicalJson(report)),
    'footprints.geojson': await add(
      geoJson,
      canonicalJson(footprintsGeoJson(assessed, rows, ground)),
    ),
    'stac-collection.json': await add(json, canonicalJson(stac.collection)),
    'stac-items.json': await add(geoJson, canonicalJson(stac.items)),
    'images.csv': await add(csv, imagesCsv(rows)),
    'points.csv': await add(csv, pointsCsv(ground)),
    'geo.txt': await add(text, geoText(images)),
    ...(controlList === null ? {} : { 'gcp_list.txt': await add(text, controlList) }),
  };
}
