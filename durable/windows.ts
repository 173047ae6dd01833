/** Batches in flight per workflow: more would only make each completion rewrite a larger state. */
export const BATCH_WINDOW = 20;

/** Child workflows in flight per parent. */
export const CHILD_WINDOW = 5;

/** Batches of one run before it continues as new, so that no history grows past some thousand events. */
export const BATCHES_PER_RUN = 200;
