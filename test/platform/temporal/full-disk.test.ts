import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from '@jest/globals';
import { PermanentFailure } from '../../../contracts/failures.ts';
import { asFullDisk } from '../../../platform/temporal/full-disk.ts';

describe('a disk without room', () => {
  it.each<[string, Error]>([
    ['a write', Object.assign(new Error('no space'), { code: 'ENOSPC' })],
    ['a quota', Object.assign(new Error('quota'), { code: 'EDQUOT' })],
    ['a process of its own', new Error('ENOSPC: no space left on device, write')],
    [
      'a library',
      new PermanentFailure('UnsupportedImage', 'Cannot write: No space left on device'),
    ],
  ])('is told in a sentence, and time is given to free it: %s', (_name, error) => {
    const told = asFullDisk(error);
    expect(told).toBeInstanceOf(ApplicationFailure);
    expect(told).toMatchObject({ type: 'DiskFull', cause: error, nextRetryDelay: '1 minute' });
    expect((told as ApplicationFailure).nonRetryable).not.toBe(true);
    expect((told as Error).message).toMatch(/^Cannot write as the disk .* is full: free space/);
  });

  it.each([
    new Error('EACCES: permission denied'),
    new PermanentFailure('InvalidInput', 'Cannot read "NOSPACE.jpg"'),
    'no error at all',
  ])('is not seen where something else is wrong: %s', (error) => {
    expect(asFullDisk(error)).toBe(error);
  });
});
