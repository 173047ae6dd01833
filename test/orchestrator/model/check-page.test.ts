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
    // No page of this project loads anything or runs anything.
    expect(page).not.toMatch(/<script|src="http|href="http/);
  });
});
