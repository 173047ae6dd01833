import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { searchAttributes } from '../../contracts/search-attributes.ts';
import type { Settings } from '../../platform/configuration.ts';
import { imageTypeOf } from '../automation-run.ts';
import { findRun } from '../find-run.ts';
import { findServer, withClient } from '../find-server.ts';
import { Hindrances } from '../hindrances.ts';
import { leaveQuietly } from '../leave-quietly.ts';
import type { Terminal } from '../terminal.ts';

/** Batches stop at their next image, and storage is given back: that takes seconds, not minutes. */
const END_LIMIT_MS = 120_000;
const POLL_MS = 250;

/** Asks a run to stop, and waits until it has. */
export async function cancel(
  id: string,
  { wait }: { wait: boolean },
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  const { access } = await findServer(settings);
  await withClient(access, async (client) => {
    const { handle, described } = await findRun(client, id);
    if (described.status.name !== 'RUNNING') {
      throw new Error(`Cannot cancel run "${id}" as it has ended: ${described.status.name}`);
    }
    await handle.cancel();
    const imageType = imageTypeOf(described.typedSearchAttributes.get(searchAttributes.imageType));
    const held = { workflowId: id, runId: described.runId, imageType: imageType ?? null };
    const hindrances = new Hindrances(client, held, (words) => terminal.warn(words));
    leaveQuietly(`Run ${id} was asked to stop`);
    const status = wait
      ? await untilClosed(handle, () => hindrances.lookWhenSilent())
      : 'CANCEL_REQUESTED';
    terminal.answer({ workflowId: id, runId: described.runId, status }, `${id}  ${status}`);
  });
}

async function untilClosed(handle: WorkflowHandle, onLook: () => Promise<void>): Promise<string> {
  const deadline = Date.now() + END_LIMIT_MS;
  for (;;) {
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING') return status.name;
    if (Date.now() > deadline) {
      throw new Error(
        `Run "${handle.workflowId}" was asked to stop ${END_LIMIT_MS / 1000} s ago and still runs: "skyloom doctor" tells whether its workers are up`,
      );
    }
    await onLook();
    await delay(POLL_MS);
  }
}
