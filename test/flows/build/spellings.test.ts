import { describe, expect, it } from '@jest/globals';
import { canonicalText } from '../../../flows/model/canonical-form.ts';
import { digestOf } from '../../../flows/io/digest.ts';
import { flow as diamond } from '../../../samples/flows/diamond/builder.ts';
import { flow as built } from '../../../samples/flows/remove-backgrounds/builder.ts';
import { flow as decorated } from '../../../samples/flows/remove-backgrounds/decorators.ts';
import { readSample } from '../support/samples.ts';

describe('one flow in three spellings', () => {
  const { definition } = readSample('remove-backgrounds');

  it('has the same canonical bytes', () => {
    expect(canonicalText(built.definition)).toBe(canonicalText(definition!));
    expect(canonicalText(decorated.definition)).toBe(canonicalText(definition!));
  });

  it('has the same digest', () => {
    const digests = [definition!, built.definition, decorated.definition].map(digestOf);
    expect(new Set(digests).size).toBe(1);
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('holds for a group too', () => {
    expect(canonicalText(diamond.definition)).toBe(
      canonicalText(readSample('diamond').definition!),
    );
  });
});

describe('readSample()', () => {
  it.each(['remove-backgrounds', 'diamond'])('finds nothing wrong with %s', (name) => {
    expect(readSample(name).problems).toEqual([]);
  });
});
