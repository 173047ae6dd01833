import { defineFlow } from '../../../flows/build/define-flow.ts';
import { atLeast } from '../../../flows/build/policies.ts';
import { orElse } from '../../../flows/build/reference.ts';
import { contactSheet, cutout, fetchImage, remove } from '../tasks.ts';
import { head } from './head.ts';

/** The example as a chain of calls. Set-up: `skyloom models fetch u2netp`. */
export const flow = defineFlow('remove-backgrounds', head)
  .map(
    'downloads',
    (s) => s.input.urls,
    fetchImage,
    (s) => ({ url: s.item }),
    { concurrency: 4, queue: 'io' },
  )
  .map(
    'cutouts',
    (s) => s.downloads.items,
    cutout,
    (s) => ({ image: s.item }),
    {
      concurrency: 8,
      policy: atLeast('90%'),
      key: (s) => s.item.sha256,
      queue: 'cpu',
      cache: true,
    },
  )
  .then('sheet', contactSheet, (s) => ({ images: s.cutouts.items }))
  .then('cleanup', remove, (s) => ({ images: orElse(s.downloads.items, []) }), { on: 'always' })
  .output((s) => ({ images: s.cutouts.items, failed: s.cutouts.failed, sheet: s.sheet }));
export const input = { urls: ['https://a/1.jpg', 'https://b/1.jpg', 'https://c/2.jpg'] };
