import { describe, expect, it } from '@jest/globals';
import { flightContent } from '../../../../orchestrator/io/flight-documents.ts';
import { flightPage } from '../../../../orchestrator/model/flight-page.ts';
import { flightReport } from '../../../../orchestrator/model/flight-report.ts';
import { finishedFlight } from './assessed-flight.ts';

async function pageOf(flight: ReturnType<typeof finishedFlight>): Promise<string> {
  const request = {
    imageType: 'Navad',
    jobId: 'generated',
    tenant: 'default',
    origin: { kind: 'folder', location: '/flight' },
    force: false,
    runKey: 'run',
    notEvaluated: [],
  } as const;
  const report = flightReport(
    { ...request, notEvaluated: [] },
    flight.manifest,
    flight.images,
    flight.accuracy,
    { ...flight.refs, report: null },
  );
  const picture = `data:image/jpeg;base64,${'A'.repeat(8000)}`;
  const thumbnails = new Map(flight.images.slice(0, 200).map(({ name }) => [name, picture]));
  return flightPage(report, await flightContent(flight, thumbnails));
}

describe('the page of a flight', () => {
  it('has its verdict first, then what decided, the map, the plots and the tables', async () => {
    const page = await pageOf(finishedFlight(60));
    const order = [
      'class="verdict review"',
      'The numbers that decided',
      'What is claimed, and what is not',
      'The flight from above',
      'Residuals and errors',
      'Overlap and coverage',
      '<h2>Surveyed points</h2>',
      'Suspected blunders',
      'Image by image',
      'All figures, each with its unit and origin',
    ].map((words) => page.indexOf(words));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(0);
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
    expect(page).not.toMatch(/(src|href)="https?:/);
    expect(page).toContain('6 distinct check points of the 30 required');
  });

  it('keeps accuracies of different kinds apart, and says what was done to images', async () => {
    const flight = finishedFlight(12);
    const { accuracy } = flight;
    const bundle = {
      images: 12,
      leftOutImages: [],
      tiePoints: 800,
      observations: 2000,
      leftOutObservations: 3,
      rmsPixels: 0.154,
      iterations: 20,
      hasConverged: true,
      focalPixels: 755,
      focalRatio: 0.59,
      focalChange: 0.011,
      positionRms: [0.4, 0.5, 0.2] as [number, number, number],
      largestTurnDegrees: 3.7,
      turnedImages: [],
      doubts: [],
      controlPoints: ['P1', 'P3'],
      checkPoints: ['P2', 'P4'],
      checkRmseBefore: 2.7,
      checkRmseAfter: 0.082,
      claims: ['Accuracy after a bundle adjustment of these images.'],
    };
    const ground = {
      ...accuracy!.ground!,
      turnedImages: { 'IMG_00003.JPG': 180 },
      triggerDelay: { alongMeters: -0.5, seconds: 0.05, images: 4, isToAndFro: true },
    };
    const page = await pageOf({ ...flight, accuracy: { ...accuracy!, ground, bundle } });
    const text = page.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    expect([...page.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, words]) => words)).toEqual([
      'Direct georeferencing',
      'Accuracy after a constant shift and turn',
      'Accuracy after a bundle adjustment',
      'Footprints, distances, expected error',
    ]);
    expect(text).toContain('IMG_00003.JPG by 180°');
    expect(text).toContain('points come out 50.0 cm behind along the heading');
    expect(text).toContain('fires 0.050 s too late');
    expect(text).toContain('held to the ground by surveyed points: P1, P3');
    expect(text).toContain('2 surveyed points that took no part: 2.70 m before, 8.2 cm after');
    expect(text).toMatch(/\d m on the ground residual of \d/);
  });

  it('lets no name of a file become a part of it', async () => {
    const page = await pageOf(finishedFlight(4, 2, (index) => `<script>${index}</script>.JPG`));
    expect(page).not.toContain('<script>');
  });

  it('stays below ten megabytes with ten thousand images', async () => {
    const page = await pageOf(finishedFlight(10_000, 40));
    expect(page.length).toBeLessThan(10e6);
    expect(page).toContain('The first 1000 of 10000; all are in images.csv.');
  }, 60_000);
});
