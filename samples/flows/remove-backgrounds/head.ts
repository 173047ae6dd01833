import { z } from 'zod';

/** What the builder and the class of this example say alike above their steps. */
export const head = {
  version: '1.0.0',
  title: 'Download images, remove their backgrounds, clean up',
  input: z.object({ urls: z.array(z.string()).min(1) }),
  defaults: {
    timeout: '10m',
    retry: {
      attempts: 3,
      first: '1s',
      factor: 2,
      max: '1m',
      except: ['UnsupportedImage', 'ModelMissing', 'ModelMismatch'],
    },
  },
  limits: { maxItems: 10_000, timeout: '6h' },
};
