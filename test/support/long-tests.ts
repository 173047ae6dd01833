import { it } from '@jest/globals';

/** A test that takes long and shows what a shorter one shows in part; `npm run test:long` runs it, too. */
export const itAtLength = process.env['SKYLOOM_LONG_TESTS'] === '1' ? it : it.skip;
