/** Steps that a run may start when its definition names no number. */
export const DEFAULT_MAX_STEPS = 10_000;

/** Items of a map in flight when the map names no number. */
export const DEFAULT_CONCURRENCY = 10;

/** Items per child workflow of a large map. */
export const DEFAULT_BATCH = 100;

/** What becomes of an approval that nobody answers. */
export const DEFAULT_OTHERWISE = 'fail';

/** The middle of 1 to 5. */
export const DEFAULT_PRIORITY = 3;
