import { describe, expect, it } from '@jest/globals';
import { defineFlow } from '../../../flows/build/define-flow.ts';
import type { Ref } from '../../../flows/build/reference-types.ts';
import {
  createReference,
  orElse,
  text,
  toBinding,
  verbatim,
} from '../../../flows/build/reference.ts';
import { z } from 'zod';

const reference = createReference<{ images: { key: string }[]; on?: string }>({
  root: 'download',
  rest: [],
});

describe('a reference', () => {
  it('becomes its path', () => {
    expect(toBinding(reference.images[0].key)).toEqual({ $from: 'download.images[0].key' });
    expect(toBinding(orElse(reference.on, 'off'))).toEqual({ $from: 'download.on', or: 'off' });
    expect(toBinding([text('a-', reference.images[1].key), { deep: reference }])).toEqual([
      { $text: ['a-', { $from: 'download.images[1].key' }] },
      { deep: { $from: 'download' } },
    ]);
  });

  it('is kept apart from data that looks like one', () => {
    expect(toBinding({ a: { $from: 'input' } })).toEqual({ a: { $value: { $from: 'input' } } });
    expect(toBinding(verbatim([1, reference === undefined]))).toEqual({ $value: [1, false] });
  });

  const loose = reference as unknown as Iterable<unknown> & Record<string, unknown>;

  it.each<[string, () => unknown]>([
    ['print "download"', () => `${loose as unknown as string}`],
    ['print "download"', () => Number(loose)],
    ['iterate over "download"', () => [...loose]],
    ['spread "download"', () => Object.assign({}, loose)],
    ['look into "download"', () => 'images' in loose],
    ['assign to "download"', () => (loose['images'] = 1)],
    ['spread "download.toJSON"', () => JSON.stringify({ x: loose['toJSON'] })],
  ])('refuses to be used as a value: cannot %s', (words, use) => {
    expect(use).toThrow(words.split(' ')[0]);
  });
});

describe('a flow under construction', () => {
  it('refuses a second step of one id also where types do not', () => {
    const flow = defineFlow('x', { version: '1.0.0', input: z.object({}) }).wait('a', {
      for: '1s',
    });
    const again = flow.wait.bind(flow) as (id: string, wait: { for: string }) => unknown;
    expect(() => again('a', { for: '1s' })).toThrow('Cannot add a second step "a"');
  });

  it('refuses to be awaited, as it is no run', async () => {
    const flow = defineFlow('x', { version: '1.0.0', input: z.object({}) });
    await expect(Promise.resolve(flow as unknown as Promise<void>)).rejects.toThrow(
      'Cannot wait for a flow as it is a definition',
    );
  });

  it('does not change when steps are added to it', () => {
    const first = defineFlow('x', { version: '1.0.0', input: z.object({}) }).wait('a', {
      for: '1s',
    });
    const before = JSON.stringify(first);
    first.wait('b', { for: '1s' });
    expect(JSON.stringify(first)).toBe(before);
    expect((first as unknown as Ref<unknown>) === undefined).toBe(false);
  });
});
