import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ArtifactRef } from '../../../../contracts/artifacts.ts';
import { flightReportDocumentSchema } from '../../../../contracts/report.ts';
import { parseControlList } from '../../../../ingestion/model/control-list.ts';
import { parseGeoFile } from '../../../../ingestion/model/geo-file.ts';
import {
  type FinishedFlight,
  flightContent,
  writeFlightDocuments,
} from '../../../../orchestrator/io/flight-documents.ts';
import { csvOf } from '../../../../orchestrator/model/report/csv.ts';
import { publishedReportSchema } from '../../../../orchestrator/model/report/published-schema.ts';
import { ArtifactStore } from '../../../../platform/artifact-store.ts';
import { pythonEnvironment } from '../../../support/python-environment.ts';
import { scratchFolder } from '../../../support/scratch-folder.ts';
import { finishedFlight } from './assessed-flight.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..', '..');

describe('the documents of a flight', () => {
  let store: ArtifactStore;
  let flight: FinishedFlight;
  let documents: Record<string, ArtifactRef>;

  beforeAll(async () => {
    store = new ArtifactStore(await scratchFolder());
    flight = finishedFlight(60);
    documents = await writeFlightDocuments(
      store,
      'run',
      flight,
      await flightContent(flight, new Map()),
    );
  });

  const textOf = async (name: string) => (await store.readBytes(documents[name]!)).toString();

  it('hold a report that keeps its published schema, every figure with unit and origin', async () => {
    const report = flightReportDocumentSchema.parse(JSON.parse(await textOf('report.json')));
    expect(report.verdict).toBe('review');
    expect(report.figures.length).toBeGreaterThan(40);
    for (const { value, note, unit, origin } of report.figures) {
      expect(unit && origin).toBeTruthy();
      if (value === null) expect(note).not.toBeNull();
    }
    expect(report.ground!.suspects).toMatchObject([{ point: 'P1' }]);
    expect(report.images).toHaveLength(60);
    expect(await textOf('report.json')).not.toMatch(/NaN|Infinity/);
  });

  it('are the same bytes when they are made again', async () => {
    const again = finishedFlight(60);
    const content = await flightContent(again, new Map());
    expect(await writeFlightDocuments(store, 'again', again, content)).toEqual(documents);
  });

  it('hold footprints and points as GeoJSON, rings closed and counter-clockwise', async () => {
    const { type, features } = JSON.parse(await textOf('footprints.geojson'));
    expect(type).toBe('FeatureCollection');
    const rings = features.filter((feature: Feature) => feature.geometry.type === 'Polygon');
    expect(rings).toHaveLength(60);
    for (const { geometry } of rings) {
      const [ring] = geometry.coordinates;
      expect(ring[0]).toEqual(ring.at(-1));
      let twice = 0;
      for (let i = 0; i + 1 < ring.length; i++) {
        twice += ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
      }
      expect(twice).toBeGreaterThan(0);
    }
    expect(features).toHaveLength(66);
  });

  it('give back a control list and positions that read as they were', async () => {
    const list = parseControlList(await textOf('gcp_list.txt'), 'gcp_list.txt');
    expect(list.findings).toEqual([]);
    const sights = flight.manifest.control!.flatMap(({ observations }) => observations);
    expect(list.observations).toHaveLength(sights.length);
    expect(list.observations[0]!.u).toBeCloseTo(sights[0]!.u, 3);
    const geo = parseGeoFile(await textOf('geo.txt'), 'geo.txt');
    expect(geo.findings).toEqual([]);
    const first = flight.images[0]!.description!;
    expect(geo.poses).toHaveLength(60);
    expect(geo.poses[0]!.x).toBeCloseTo(first.position!.longitude, 9);
    // A camera that looks straight down has pitch 0 there.
    expect(geo.poses[0]!.angles).toMatchObject({ yaw: 0, pitch: 0, roll: 0 });
  });

  it('hold tables with a line for each image, point and observation', async () => {
    const images = (await textOf('images.csv')).trimEnd().split('\n');
    expect(images).toHaveLength(61);
    expect(images[0]).toMatch(/^image,usable,gsd_m,/);
    const { residuals, points } = flight.accuracy!.ground!;
    const lines = (await textOf('points.csv')).trimEnd().split('\n');
    expect(lines).toHaveLength(1 + points.length + residuals.length);
  });

  it('hold STAC that pystac reads and validates', async () => {
    let python: string;
    try {
      const requirements = join(root, 'test', 'stac', 'requirements.txt');
      python = await pythonEnvironment('stac', requirements);
    } catch (error) {
      console.warn(`SKIPPED the check of STAC: pystac cannot be installed (${String(error)})`);
      return;
    }
    const folder = await scratchFolder();
    const paths = ['stac-collection.json', 'stac-items.json'].map((name) => join(folder, name));
    for (const path of paths) await writeFile(path, await textOf(path.slice(folder.length + 1)));
    const script = join(root, 'test', 'stac', 'validate-flight.py');
    const { stdout } = await promisify(execFile)(python, [script, ...paths]);
    const read = JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
    expect(read.collection).toBe('generated');
    expect(read.items).toHaveLength(60);
  }, 120_000);
});

interface Feature {
  geometry: { type: string };
}

describe('the published schema', () => {
  it('is what schema/flight-report.v1.schema.json holds: run scripts/build-report-schema.mjs', () => {
    const file = readFileSync(join(root, 'schema', 'flight-report.v1.schema.json'), 'utf8');
    expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(publishedReportSchema())));
  });
});

describe('csvOf()', () => {
  it('quotes what must be quoted, and lets no cell be a formula', () => {
    expect(
      csvOf(
        ['a', 'b'],
        [
          ['x,"y"', null],
          ['=1+1', 0.5],
        ],
      ),
    ).toBe(`a,b\n"x,""y""",\n'=1+1,0.5\n`);
  });
});
