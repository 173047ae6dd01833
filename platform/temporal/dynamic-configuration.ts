/**
 * Settings of the Temporal server that this system wants, for the development server and for a server
 * of its own alike.
 *
 * - `transferProcessorMaxPollRPS`: the default of 20 lets every hop of a workflow wait up to 50 ms.
 * - one partition a queue: on one host more of them only delay tasks.
 * - `enableFairness`: a large run does not keep a small one waiting.
 * - `forceSearchAttributesCacheRefreshOnRead`: attributes can be used right after they were added; for
 *   servers on a single host only.
 */
export const dynamicConfiguration: Readonly<Record<string, number | boolean>> = {
  'history.transferProcessorMaxPollRPS': 500,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'matching.enableFairness': true,
  'system.forceSearchAttributesCacheRefreshOnRead': true,
};
