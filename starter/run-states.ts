import { flowQueries } from '../contracts/flow-run.ts';
import { searchAttributes } from '../contracts/search-attributes.ts';
import type { StepState } from '../flows/model/step-record.ts';
import type { Settings } from '../platform/configuration.ts';
import { WrongUsage } from './exit-codes.ts';
import { findRun } from './find-run.ts';
import { findServer, withClient } from './find-server.ts';

export type RunStates = Readonly<Record<string, StepState>>;

/**
 * The state of every step of a run, by address, as the run itself tells.
 *
 * @throws {WrongUsage} when there is no such run, or it is no run of a flow.
 */
export async function statesOfRun(
  id: string,
  flowName: string,
  settings: Settings,
): Promise<RunStates> {
  const { access } = await findServer(settings);
  return withClient(access, async (client) => {
    const { handle, described } = await findRun(client, id);
    if (described.type !== 'FlowWorkflow') {
      throw new WrongUsage(
        `Cannot tell the steps of "${id}" as the run of a flow is needed: found ${described.type}`,
      );
    }
    const ran = described.typedSearchAttributes.get(searchAttributes.flowName);
    if (ran !== undefined && ran !== flowName) {
      throw new WrongUsage(
        `Cannot show run "${id}" on flow "${flowName}" as it is a run of flow "${ran}"`,
      );
    }
    return handle.query<RunStates>(flowQueries.states);
  });
}
