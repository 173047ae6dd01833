import {
  CancellationScope,
  executeChild,
  ParentClosePolicy,
  patched,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import { isStoredList } from '../../contracts/stored-list.ts';
import { taskQueues } from '../../contracts/task-queues.ts';
import { compose, lookup } from '../../durable/activity-contracts.ts';
import { mapWindow } from '../../durable/map-window.ts';
import type { FlowActivities, PageActivities } from '../activities.ts';
import type { Cancellation } from '../model/cancellation.ts';
import { joinParts } from '../model/channels.ts';
import type { MapAnswer, MapCall, MapParts } from '../model/engine.ts';
import type { MapPart, PartEnd } from '../model/map-parts.ts';
import { PartWindows, partsAtOnce } from '../model/part-windows.ts';
import { allowedFailures } from '../model/policy.ts';
import { headOf } from '../model/run-batch.ts';
import type { BatchRequest, DurableSurroundings } from './durable-engine.ts';
import { inScope } from './scopes.ts';

const { planMap, joinMap } = proxyActivities<FlowActivities>({
  ...compose,
  taskQueue: taskQueues.imaging,
});
/** For lists that are divided and joined within a moment: where the workflow runs, without a way through the server. */
const mapFilesHere = proxyLocalActivities<Pick<PageActivities, 'planMap' | 'joinMap'>>(lookup);
/** Items up to which that is so. */
const MOST_ITEMS_HERE = 5_000;
const { readStored } = proxyActivities<FlowActivities>({
  ...lookup,
  taskQueue: taskQueues.imaging,
});

/**
 * Runs the parts of a large map as child workflows, so that no history grows with the number of items.
 * Items and results pass by in files; a part that ran before is not run again.
 *
 * @param childId id of the workflow of the map; its parts are numbered.
 */
export async function runLargeMap(
  around: DurableSurroundings,
  childId: string,
  call: MapCall,
  cancellation: Cancellation,
): Promise<MapAnswer> {
  const { runKey, definition } = around;
  const { step, address, list, outside, batch, known } = call;
  const { key } = step.map;
  const isSideBySide = patched('parts-side-by-side');
  const atOnce = partsAtOnce(call.concurrency);
  const count = isStoredList(list) ? list.count : list.length;
  const isHere = isSideBySide && count <= MOST_ITEMS_HERE;
  const division = {
    runKey,
    list,
    outside,
    batch,
    atOnce,
    known,
    ...(key === undefined ? {} : { key }),
  };
  const plan = await inScope(cancellation, () =>
    isHere
      ? mapFilesHere.planMap(division)
      : planMap.executeWithOptions({ summary: `${address}: divide the list` }, [division]),
  );
  const allowed =
    step.failFast === true ? allowedFailures(step.policy ?? 'strict', plan.count) : null;
  const parts: Record<string, MapParts[string]> = { ...known };
  const { cancellation: own, release } = cancellation.child();
  let failed = 0;
  // Runs that began before take as many at a time as they did then, as their histories say.
  const size = Math.max(...plan.parts.map((part) => part.count), 1);
  const abreast = isSideBySide ? atOnce : Math.max(1, Math.floor(call.concurrency / size));
  const windows = new PartWindows(call.concurrency, Math.min(abreast, plan.parts.length));
  const ends = await mapWindow(plan.parts, abreast, async (part, place) => {
    if (own.isCancelled) return undefined;
    const end = part.done ?? (await runPart(part, place));
    parts[part.page.sha256] = end.answers;
    call.onPart({ ...parts });
    failed += end.failed;
    const isLost = allowed !== null && failed > allowed;
    if (isLost || end.ending !== undefined) own.cancel();
    return end;
  });
  release();
  const ended = ends.filter((end) => end !== undefined);
  const ending = ended.find((end) => end.ending !== undefined)?.ending;
  const gathering = { runKey, layout: plan.layout, parts: ended };
  const joined = await CancellationScope.nonCancellable(() =>
    isHere
      ? mapFilesHere.joinMap(gathering)
      : joinMap.executeWithOptions({ summary: `${address}: join what the parts gave` }, [
          gathering,
        ]),
  );
  return {
    ...joined,
    writes: joinParts(
      ended.map(({ writes }) => writes),
      definition.channels ?? {},
    ),
    ...(ending === undefined ? {} : { ending }),
  };

  async function runPart(part: MapPart, place: number): Promise<PartEnd> {
    const concurrency = windows.take();
    try {
      return await runPartWith(concurrency, part, place);
    } finally {
      windows.giveBack(concurrency);
    }
  }

  function runPartWith(concurrency: number, part: MapPart, place: number): Promise<PartEnd> {
    const { page, count } = part;
    const request: BatchRequest = {
      head: headOf(definition),
      step: { ...step, map: { ...step.map, concurrency } },
      address,
      pointer: call.pointer,
      facts: around.facts(),
      outside,
      writes: call.writes,
      allowedFailures: allowed === null ? null : Math.max(0, allowed - failed),
      page,
      count,
      ...(part.known === undefined ? {} : { known: part.known }),
      tasks: around.tasks,
      lanes: around.lanes,
      runKey,
      sessionId: around.sessionId,
    };
    return inScope(own, (): Promise<PartEnd> =>
      executeChild('FlowBatchWorkflow', {
        workflowId: `${childId}-${String(place + 1).padStart(4, '0')}`,
        taskQueue: taskQueues.automation,
        args: [request],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: `${address}: ${count} items`,
      }),
    );
  }
}

/** A value inside a list that stands in a file. */
export function readStoredList(place: Parameters<typeof readStored>[0]) {
  const summary = `read ${place.rest.join('.') || 'a list'}`;
  // Steps read on that run whatever was cancelled.
  return CancellationScope.nonCancellable(() =>
    readStored.executeWithOptions({ summary }, [place]),
  );
}
