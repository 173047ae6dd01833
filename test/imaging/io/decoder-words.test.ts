import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decoderWords } from '../../../imaging/io/decoder-words.ts';
import { openImage } from '../../../imaging/io/open-image.ts';
import { decodeSamples } from '../../../imaging/io/decode-samples.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

const limits = { limitPixels: 1e6, timeoutSeconds: 10 };

describe('decoderWords()', () => {
  it('says what is wrong with a file that is cut off, and no path of this machine', async () => {
    const pixels = { width: 400, height: 300, channels: 3 as const };
    const noise = { type: 'gaussian' as const, mean: 120, sigma: 40 };
    const made = sharp({ create: { ...pixels, noise, background: '#000' } });
    const path = join(await scratchFolder(), 'cut.avif');
    const whole = await made.avif({ effort: 0 }).toBuffer();
    for (const bytes of [whole.length >> 1, 60]) {
      await writeFile(path, whole.subarray(0, bytes));
      const reading = openImage(path, 'cut.avif', limits).then((opened) =>
        decodeSamples(opened, 'cut.avif'),
      );
      await expect(reading).rejects.toThrow(/^Cannot (read|decode) image "cut.avif": heif: \S/);
      await expect(reading).rejects.not.toThrow(path);
    }
  });

  it('takes what is no error, and what says nothing', () => {
    expect(decoderWords('broken')).toBe('broken');
    expect(decoderWords(new Error('\n/a/b: bad seek to 7\n'))).toBe('it is damaged');
  });
});
