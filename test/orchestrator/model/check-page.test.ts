import { describe, expect, it } from '@jest/globals';
import { ManifestBuilder } from '../../../ingestion/model/manifest.ts';
import { checkPage } from '../../../orchestrator/model/check-page.ts';
import { flightImage } from '../../support/flight-image.ts';

describe('checkPage()', () => {
  it('shows the verdict, every finding and the pictures of images that have one, escaped', () => {
    const images = [flightImage('<b>.JPG'), flightImage('B.JPG')];
    const builder = new ManifestBuilder();
    builder.survey(images);
    builder.locate(images);
    const judged = builder.judge(images);
    const { parts: _parts, ...manifest } = builder.build('few', []);
    const page = checkPage(
      { ...manifest, images: judged },
      new Map([['<b>.JPG', 'data:image/jpeg;base64,AA==']]),
    );
    expect(page).toContain('<span class="verdict fail">rejected</span>');
    expect(page).toContain('<td>TOO_FEW_IMAGES</td>');
    expect(page).toContain('&lt;b&gt;.JPG');
    expect(page).not.toContain('<b>.JPG');
    expect(page).toContain('src="data:image/jpeg;base64,AA=="');
    expect(page).not.toContain('What was stated');
    // No page of this project loads anything or runs anything.
    expect(page).not.toMatch(/<script|src="http|href="http/);
  });

  it('shows what was stated of the flight and by whom, and how much of its area is seen', () => {
    const images = [flightImage('A.JPG'), flightImage('B.JPG')];
    const exclude = [{ images: 'B*', reason: '<i>' }];
    const corner = [11.5, 48.1] as const;
    const ring = [corner, [11.5001, 48.1], [11.5001, 48.1001]].map(([x, y]): [number, number] => [
      x!,
      y!,
    ]);
    const builder = new ManifestBuilder({
      poseFile: null,
      poses: {},
      findings: [],
      settings: {
        values: { heights: 'msl', exclude },
        from: { heights: 'request', exclude: 'file' },
      },
      boundary: { file: 'boundary.geojson', polygons: [[ring]] },
    });
    builder.survey(images);
    builder.locate(images);
    const judged = builder.judge(images);
    const { parts: _parts, ...manifest } = builder.build('few', []);
    const page = checkPage({ ...manifest, images: judged }, new Map());
    const text = page.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    expect(text).toContain('Setting Value Stated in');
    expect(text).toMatch(
      /exclude \[\{&quot;images.*&lt;i&gt;.* flight\.json heights msl the request/,
    );
    expect(text).toContain('Left out by flight.json 1 images');
    expect(text).toMatch(/Area of interest 41 m², seen at least [\d.]+ % by 1, 0\.0 % by 2/);
  });
});
