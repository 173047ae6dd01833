/**
 * How the server is tuned, wherever it runs. Read the queues more often than 20 times a second, so that
 * a step costs 15 ms and not 50; one partition per queue, so that priorities are strict; fairness between
 * tenants.
 */
export const dynamicConfiguration: Record<string, number | boolean> = {
  'history.transferProcessorMaxPollRPS': 500,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'matching.enableFairness': true,
};
