import { z } from 'zod';

/** What the builder and the class of this example say alike above their steps. */
export const head = {
  version: '1.0.0',
  title: 'Download images, blur their backgrounds, clean up',
  input: z.object({ urls: z.array(z.string()).min(1) }),
  defaults: {
    timeout: '2m',
    retry: { attempts: 3, first: '1s', factor: 2, max: '1m', except: ['UnsupportedImage'] },
  },
  limits: { maxItems: 10_000, timeout: '6h' },
};
