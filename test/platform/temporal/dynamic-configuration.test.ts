import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readDynamicConfiguration } from '../../../platform/temporal/dynamic-configuration.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

async function fileWith(text: string): Promise<string> {
  const path = join(await scratchFolder(), 'dynamic-configuration.yaml');
  await writeFile(path, text);
  return path;
}

describe('readDynamicConfiguration()', () => {
  it('finds the file that the server of the containers is given', async () => {
    const values = new Map(await readDynamicConfiguration());
    expect(values.get('matching.numTaskqueueReadPartitions')).toBe(1);
    expect(values.get('matching.enableFairness')).toBe(true);
  });

  it('gives each key with its value', async () => {
    const path = await fileWith('a.b:\n  - value: 500\nc.d:\n  - value: false\n');
    expect(await readDynamicConfiguration(path)).toEqual([
      ['a.b', 500],
      ['c.d', false],
    ]);
  });

  it.each([
    ['a value for one namespace only', 'a:\n  - value: 1\n    constraints: { namespace: x }\n'],
    ['two values', 'a:\n  - value: 1\n  - value: 2\n'],
    ['text', 'a:\n  - value: some\n'],
    ['no list', 'a: 1\n'],
  ])('refuses %s, which a development server cannot be told', async (_words, text) => {
    await expect(readDynamicConfiguration(await fileWith(text))).rejects.toThrow(
      /Cannot use ".*a/s,
    );
  });
});
