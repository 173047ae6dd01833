import { describe, expect, it } from '@jest/globals';
import { jobIdOf } from '../../../orchestrator/model/job-id.ts';
import { runKeyOf } from '../../../durable/run-key.ts';
import { lengthWords, listWords, spreadWords } from '../../../orchestrator/model/words.ts';

describe('jobIdOf()', () => {
  it.each([
    ['/data/2026/flight-7/', 'flight-7'],
    ['/data/scene.tif', 'scene'],
    ['https://example.org/a/list.txt?key=1', 'list'],
    ['/', 'job'],
  ])('names the job of %s', (location, jobId) => {
    expect(jobIdOf(location)).toBe(jobId);
  });
});

describe('runKeyOf()', () => {
  it('is safe as a file name', () => {
    expect(runKeyOf('navad/../F 7', 'abc-1')).toBe('navad_.._F_7-abc-1');
  });
});

describe('words', () => {
  it('gives lengths in the unit that suits them', () => {
    expect([0.0512, 1.5, 12_345].map(lengthWords)).toEqual(['5.1 cm', '1.50 m', '12.35 km']);
  });

  it('gives a spread its ends only when they differ', () => {
    const spread = { n: 2, minimum: 1, median: 1, maximum: 1 };
    expect(spreadWords(spread, String)).toBe('1');
    expect(spreadWords({ ...spread, maximum: 2 }, String)).toBe('1 (1 to 2)');
    expect(spreadWords(null, String)).toBe('not known');
  });

  it('says how many of a list are left out', () => {
    expect(listWords(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
  });
});
