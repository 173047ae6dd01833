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
