import { z } from 'zod';
import { eq, ge } from '../../../flows/build/conditions.ts';
import { defineFlow } from '../../../flows/build/define-flow.ts';
import { atLeast, bestEffort, critical } from '../../../flows/build/policies.ts';
import type { Ref } from '../../../flows/build/reference-types.ts';
import { orElse, text } from '../../../flows/build/reference.ts';
import {
  cleanup,
  cutout,
  download,
  fetchImage,
  Image,
  publish,
  report,
  resize,
  thumb,
} from './tasks.ts';

/**
 * What the compiler accepts, and at each `@ts-expect-error` refuses: one that refuses nothing is an
 * error itself, so compiling this file is the test. It is never run.
 */

const urls = z.object({ urls: z.array(z.string()) });
const image = z.object({ image: Image });

export const pipeline = defineFlow('remove-backgrounds', {
  version: '1.0.0',
  input: z.object({ urls: z.array(z.string()), kind: z.enum(['navad', 'satellite']) }),
})
  .then('download', download, ({ input }) => ({ urls: input.urls, concurrency: 4 }))
  .map(
    'cutouts',
    ({ download }) => download.images,
    (g) => g.then('cut', cutout, ({ item }) => ({ image: item })),
    { concurrency: 8, policy: atLeast('90%'), key: ({ item }) => item.sha256 },
  )
  .then('cleanup', cleanup, ({ download }) => ({ images: download.images }));

export const listing = defineFlow('remove-backgrounds', { version: '1.0.0', input: urls })
  .map(
    'downloads',
    (s) => s.input.urls,
    (f) => f.then('fetch', fetchImage, (s) => ({ url: s.item })),
    { concurrency: 4 },
  )
  .map(
    'cutouts',
    (s) => s.downloads.items,
    (f) => f.then('cut', cutout, (s) => ({ image: s.item })),
    { concurrency: 8, policy: atLeast('90%'), key: (s) => s.item.sha256 },
  )
  .then('cleanup', cleanup, (s) => ({ images: orElse(s.downloads.items, []) }), { on: 'always' })
  .output((s) => ({ images: s.cutouts.items, failed: s.cutouts.failed }));

const one = defineFlow('x', { version: '1.0.0', input: z.object({ a: z.string() }) });
// @ts-expect-error urls must be string[]
one.then('download', download, ({ input }) => ({ urls: input.a }));

const downloaded = defineFlow('x', { version: '1.0.0', input: urls }).then(
  'download',
  download,
  ({ input }) => ({ urls: input.urls }),
);
// @ts-expect-error no step "downlod"
downloaded.then('cut', cutout, ({ downlod }) => ({ image: downlod.images[0] }));
// @ts-expect-error duplicate id
downloaded.then('download', download, ({ input }) => ({ urls: input.urls }));
// @ts-expect-error reserved word
downloaded.then('input', download, ({ input }) => ({ urls: input.urls }));
// @ts-expect-error a string is no list
downloaded.then('again', download, (s) => ({ urls: s.download.images[0].key }));
// @ts-expect-error a reference is no value that can be compared
downloaded.then('again', download, (s) => ({ urls: s.download.images[0].key === 'a' ? [] : [] }));
downloaded.then('cut', resize, (s) => ({
  image: s.download.images[0],
  // @ts-expect-error a reference is no number
  width: s.download.images[0].bytes * 2,
}));

const cut = defineFlow('x', { version: '1.0.0', input: image })
  // The input of the first step fits the flow's input: no binding is needed.
  .then('cut', cutout);
// @ts-expect-error the output of cut (Image) does not fit { image, width }
cut.then('small', resize);

const diamond = defineFlow('diamond', { version: '1.0.0', input: image })
  .then('extract', cutout)
  .parallel(
    'variants',
    (p) => ({
      small: p.run(resize, { image: p.extract, width: 200 }),
      large: p.run(resize, { image: p.extract, width: 1600 }),
    }),
    { policy: critical('large') },
  );
export const reported = diamond.then('report', report, (s) => ({ best: s.variants.large, n: 2 }));
export const published = diamond.then('publish', publish, (s) => ({ image: s.variants.large }));
// @ts-expect-error small may have failed under this policy: it is an Outcome
diamond.then('report', report, (s) => ({ best: s.variants.small, n: 2 }));
// @ts-expect-error Outcome<Image>, not Image
diamond.then('publish', publish, (s) => ({ image: s.variants.small }));
const group = defineFlow('y', { version: '1.0.0', input: image });
group.parallel('v', (p) => ({ a: p.run(cutout, { image: p.input.image }) }), {
  // @ts-expect-error critical ids must be members of the group
  policy: critical('b'),
});
const lenient = group.parallel('v', (p) => ({ a: p.run(cutout, { image: p.input.image }) }), {
  policy: bestEffort,
});
// @ts-expect-error under bestEffort every member is an Outcome
lenient.then('publish', publish, (s) => ({ image: s.v.a }));

const routed = defineFlow('route', {
  version: '1.0.0',
  input: z.object({ kind: z.enum(['navad', 'satellite']), image: Image }),
})
  .choose('route', (s, g) => ({
    navad: [
      eq(s.input.kind, 'navad'),
      g.then('acc', resize, (t) => ({ image: t.input.image, width: 10 })),
    ],
    satellite: ['else', g.then('geo', report, (t) => ({ best: t.input.image, n: 1 }))],
  }))
  .approve('qa', { title: 'Publish?', within: '2d', otherwise: 'reject' });
// @ts-expect-error "Navad" is not one of the input values
eq(undefined as unknown as Ref<'navad' | 'satellite'>, 'Navad');
// @ts-expect-error a text has no order with a number
ge(undefined as unknown as Ref<number>, '1');
type Results = NonNullable<(typeof routed)['$steps']>;
export const branch: Results['route'] = { branch: 'satellite', value: { text: 'x' } };
export const answer: Results['qa']['approved'] = true;

export const withDefault = defineFlow('d', { version: '1.0.0', input: image })
  .then('t', thumb)
  .then('u', report, (s) => ({ best: s.input.image, n: s.t.dpi }));

const conditional = defineFlow('c', { version: '1.0.0', input: image }).then(
  'cut',
  cutout,
  (s) => ({ image: s.input.image }),
  { if: (s) => ge(s.input.image.bytes, 10) },
);
// @ts-expect-error a step behind a condition may be absent
conditional.then('publish', publish, (s) => ({ image: s.cut }));
export const covered = conditional.then('publish', publish, (s) => ({
  image: orElse(s.cut, s.input.image),
}));

export const named = defineFlow('n', { version: '1.0.0', input: image })
  .then('fetch', fetchImage, (s) => ({ url: text('https://', s.input.image.key, '.jpg') }))
  .routes('fetch', { again: 'fetch' });
// @ts-expect-error no step "fech" to jump to
named.routes('fetch', { again: 'fech' });
