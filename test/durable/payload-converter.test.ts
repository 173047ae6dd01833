import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { payloadConverter, UnreadablePayload } from '../../durable/payload-converter.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('payloadConverter', () => {
  it.each([[{ a: [1, null] }], ['text'], [undefined], [null], [new Uint8Array([1, 2])]])(
    'writes and reads %j as Temporal does',
    (value) => {
      const payload = payloadConverter.toPayload(value);
      expect(payload).toEqual(defaultPayloadConverter.toPayload(value));
      expect(payloadConverter.fromPayload(payload)).toEqual(value);
    },
  );

  it.each([
    [{ metadata: { encoding: bytes('a/b') } }, 'encoding "a/b" is not known; send JSON'],
    [{ metadata: {}, data: bytes('{}') }, 'it has no encoding; send JSON'],
    [{ data: bytes('{}') }, 'it has no encoding; send JSON'],
    [
      { metadata: { encoding: bytes('json/plain') }, data: bytes('{') },
      'it is not valid json/plain; send JSON',
    ],
  ])('gives a value that says why %j cannot be read', (payload, reason) => {
    expect(payloadConverter.fromPayload(payload)).toEqual(new UnreadablePayload(reason));
  });
});
