import { type ActivityFunctionWithOptions, proxyActivities } from '@temporalio/workflow';
import { taskQueues } from '../contracts/task-queues.ts';
import { mapWindow } from '../durable/map-window.ts';

/** Workflows that somebody would write without flows, beside those of the flows they are measured against. */
export { FlowBatchWorkflow, FlowWorkflow } from '../flows/workflows.ts';

/** With the same bounds as the tasks of a flow: a workflow without any would be no workflow to run. */
const activities = proxyActivities<
  Record<string, ActivityFunctionWithOptions<(request: object) => Promise<{ value: number }>>>
>({
  taskQueue: taskQueues.imaging,
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  scheduleToCloseTimeout: '24 hours',
  retry: {
    maximumAttempts: 3,
    initialInterval: '1 second',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
  },
});

function callNothing(value: number, address: string): Promise<{ value: number }> {
  return activities['bench.nothing@1']!.executeWithOptions({ summary: address }, [
    {
      input: { value },
      address,
      repeat: 0,
      channels: {},
      runKey: 'by-hand',
      isCached: false,
    },
  ]);
}

/** One activity for each value, at most `window` at a time; @returns how many there were. */
export async function MapByHand(values: number[], window: number): Promise<number> {
  const answers = await mapWindow(values, window, (value, place) =>
    callNothing(value, `all[${place}]`),
  );
  return answers.length;
}

/** One activity after the other; @returns what the last one gave. */
export async function ChainByHand(links: number): Promise<number> {
  let value = 0;
  for (let place = 0; place < links; place++) {
    ({ value } = await callNothing(value, `s${place}`));
  }
  return value;
}
