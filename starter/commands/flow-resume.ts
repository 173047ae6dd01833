import { searchAttributes } from '../../contracts/search-attributes.ts';
import type { Settings } from '../../platform/configuration.ts';
import { type ExitCode, WrongUsage } from '../exit-codes.ts';
import { documentOfUnfinished, requestOf } from '../ended-flow-run.ts';
import { findRun } from '../find-run.ts';
import { findServer, withClient } from '../find-server.ts';
import { runOnServer } from '../follow-flow.ts';
import type { Terminal } from '../terminal.ts';

/** Starts a run anew with what one that failed, or was cancelled, had done. */
export async function flowResume(
  id: string,
  { wait }: { wait: boolean },
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  const { access } = await findServer(settings);
  const { request, flowName } = await withClient(access, async (client) => {
    const { handle, described } = await findRun(client, id);
    if (described.type !== 'FlowWorkflow' || !isUnfinished(described.status.name)) {
      throw new WrongUsage(
        `Cannot resume "${id}" as a flow that failed or was cancelled is needed: found ${described.type}, ${described.status.name}`,
      );
    }
    const resume = await documentOfUnfinished(handle);
    const { flowName: name } = searchAttributes;
    return {
      request: { ...(await requestOf(handle)), resume },
      flowName: described.typedSearchAttributes.get(name) ?? 'flow',
    };
  });
  // One run for one failure: who asks twice joins what already goes on.
  const workflowId = `${id}-resumed-${request.resume.sha256.slice(0, 8)}`;
  return runOnServer(request, { workflowId, flowName, wait }, settings, terminal);
}

function isUnfinished(status: string): boolean {
  return status === 'FAILED' || status === 'CANCELLED';
}
