import {
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { WrongUsage } from './exit-codes.ts';

/** Visibility query of what clients start; the children that these start are not among them. */
export const runsOfClients = "WorkflowType IN ('AutomationWorkflow', 'FlowWorkflow')";

/** The latest run of a workflow id. @throws {WrongUsage} when there is none. */
export async function findRun(
  client: Client,
  id: string,
): Promise<{ handle: WorkflowHandle; described: WorkflowExecutionDescription }> {
  const handle = client.workflow.getHandle(id);
  try {
    return { handle, described: await handle.describe() };
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new WrongUsage(
      `Cannot find run "${id}" in namespace "${client.options.namespace}": "skyloom list" shows those that are there`,
    );
  }
}
