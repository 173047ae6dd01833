import { describe, expect, it } from '@jest/globals';
import { InvalidInput } from '../../contracts/failures.ts';
import { expectReadable, expectShape, shapes } from '../../durable/foreign-input.ts';
import { UnreadablePayload } from '../../durable/payload-converter.ts';
import { runKeyOf } from '../../durable/run-key.ts';

describe('expectReadable()', () => {
  it.each([undefined, null, 7, 'Navad', [], { image_path: nested(98) }])(
    'leaves %j to whoever knows what it should be',
    (input) => expect(() => expectReadable(input)).not.toThrow(),
  );

  it.each<[unknown, string]>([
    [new UnreadablePayload('it is torn'), 'Cannot start as the request cannot be read: it is torn'],
    [new Uint8Array(3), 'Cannot start as the request must be JSON: found bytes'],
    [nested(20_000), 'Cannot start as the request may be nested 100 levels deep: found more'],
    ['x'.repeat(200_000), 'the request may have 200000 characters: found 200002'],
  ])('refuses what cannot be passed on', (input, sentence) => {
    expect(() => expectReadable(input)).toThrow(InvalidInput);
    expect(() => expectReadable(input)).toThrow(sentence);
  });
});

describe('expectShape()', () => {
  const artifact = { sha256: 'a'.repeat(64), bytes: 5e9, mediaType: 'text/plain' };
  const whole = { runKey: runKeyOf('../navad/F7', '0192-f3a4'), keep: [artifact] };
  const shape = { runKey: 'key', keep: [shapes.artifact] } as const;

  it('takes what fits, with more beside it', () => {
    expect(() => expectShape(whole, shape)).not.toThrow();
    expect(() => expectShape({ ...whole, more: 1 }, shape)).not.toThrow();
  });

  it('bounds what decides how much work there is', () => {
    expect(() => expectShape([1_000_000], ['count'])).not.toThrow();
    expect(() => expectShape([1_000_001], ['count'])).toThrow(
      'Cannot start as [0] must be a whole number from 0 to 1000000: found 1000001',
    );
  });

  it.each<[unknown, string]>([
    [undefined, 'the request must be an object: found nothing'],
    [[], 'the request must be an object: found a list'],
    [{ keep: [] }, 'runKey must be a run key: found nothing'],
    [{ ...whole, runKey: '' }, 'runKey must be a run key: found ""'],
    [{ ...whole, runKey: '..' }, 'runKey must be a run key: found ".."'],
    [{ ...whole, runKey: '../a' }, 'runKey must be a run key: found "../a"'],
    [{ ...whole, keep: { length: 1 } }, 'keep must be a list: found an object'],
    [{ ...whole, keep: [artifact, 7] }, 'keep[1] must be an object: found 7'],
    [
      { ...whole, keep: [{ ...artifact, sha256: '../../a' }] },
      'keep[0].sha256 must be a SHA-256 digest: found "../../a"',
    ],
    [
      { ...whole, keep: [{ ...artifact, bytes: -1 }] },
      'keep[0].bytes must be a number from 0: found -1',
    ],
  ])('refuses %j and names the field', (input, sentence) => {
    expect(() => expectShape(input as typeof whole, shape)).toThrow(InvalidInput);
    expect(() => expectShape(input as typeof whole, shape)).toThrow(`Cannot start as ${sentence}`);
  });
});

function nested(depth: number): unknown {
  let value: unknown = 'end';
  for (let level = 0; level < depth; level++) value = { a: value };
  return value;
}
