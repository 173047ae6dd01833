import { it } from '@jest/globals';

/** Whether tests may take long; `npm run test:long` says so. */
export const isLongRun = process.env['SKYLOOM_LONG_TESTS'] === '1';

/** A test that takes long and shows what a shorter one shows in part; `npm run test:long` runs it, too. */
export const itAtLength = isLongRun ? it : it.skip;
