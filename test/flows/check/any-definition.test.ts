import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkFlow } from '../../../flows/check/check-flow.ts';
import { readSampleText, sampleCatalogue, sampleNames } from '../support/samples.ts';

const whole = sampleNames.map((name): unknown => JSON.parse(readSampleText(name)));
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>({ $from: 'fetch' }, { $text: [] }, { steps: {} }, 'input', [], {}),
);

describe('checkFlow() on anything', () => {
  it('names problems and throws nothing, whatever stands wherever in a definition', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...whole),
        fc.infiniteStream(fc.nat(999)),
        odd,
        (flow, way, value) => {
          const turns = way[Symbol.iterator]();
          const { problems, definition } = checkFlow(replaced(flow, turns, value), sampleCatalogue);
          expect(definition !== undefined || problems.length > 0).toBe(true);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('refuses what is no definition at all', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(checkFlow(value, sampleCatalogue).definition).toBeUndefined();
      }),
    );
  });
});

/** A copy with one part replaced, found by turns at random. */
function replaced(part: unknown, turns: Iterator<number>, value: unknown): unknown {
  const turn = turns.next().value as number;
  if (typeof part !== 'object' || part === null || turn % 6 === 0) return value;
  if (Array.isArray(part)) {
    if (part.length === 0) return value;
    const at = turn % part.length;
    return part.with(at, replaced(part[at], turns, value));
  }
  const keys = Object.keys(part);
  const key = keys[turn % keys.length];
  if (key === undefined) return value;
  return { ...part, [key]: replaced((part as Record<string, unknown>)[key], turns, value) };
}
