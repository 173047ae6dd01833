import type { Client, Connection } from '@temporalio/client';
import type { Settings } from '../platform/configuration.ts';
import { configuredServer, type ServerAccess, serverAt } from '../platform/temporal/connection.ts';
import { WrongUsage } from './exit-codes.ts';
import { readLiveStack } from './stack-record.ts';

/** Whoever waits at a terminal wants to know soon that nobody answers. */
const CONNECT_LIMIT_MS = 5_000;

/** A server that answers, and where its Web UI is, if that is known. */
export interface FoundServer {
  access: ServerAccess;
  uiAddress: string | null;
}

/** The server that `TEMPORAL_*` names, else the one of the stack that is up for this home folder. */
export async function findServer(settings: Settings): Promise<FoundServer> {
  const configured = configuredServer();
  if (configured !== undefined) return { access: configured, uiAddress: null };
  const stack = await readLiveStack(settings.SKYLOOM_HOME);
  if (stack !== null) return { access: serverAt(stack.address), uiAddress: stack.uiAddress };
  throw new WrongUsage(
    `Cannot find a Temporal server as none runs for ${settings.SKYLOOM_HOME}: start one with "skyloom up", or set TEMPORAL_ADDRESS`,
  );
}

/** Talks to the server about runs for the time of `work`. */
export function withClient<Result>(
  access: ServerAccess,
  work: (client: Client, connection: Connection) => Promise<Result>,
): Promise<Result> {
  return withConnection(access, async (connection) => {
    const { Client } = await import('@temporalio/client');
    return work(new Client({ connection, namespace: access.namespace }), connection);
  });
}

/** Connects for the time of `work`. Temporal's client is loaded only here, as it costs half a second. */
export async function withConnection<Result>(
  access: ServerAccess,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const { Connection } = await import('@temporalio/client');
  const connection = await Connection.connect({
    connectTimeout: CONNECT_LIMIT_MS,
    ...access.connectionOptions,
  }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Cannot reach the Temporal server at ${access.connectionOptions.address}: ${reason}`,
    );
  });
  try {
    return await work(connection);
  } catch (error) {
    throw explained(error, access);
  } finally {
    await connection.close();
  }
}

/** Where operators look at one run. */
export function webUiAddress(
  uiAddress: string,
  namespace: string,
  workflowId: string,
  runId: string,
): string {
  return `${uiAddress}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`;
}

/** What the server said, as a sentence; other errors pass as they are. */
function explained(error: unknown, { namespace, connectionOptions }: ServerAccess): unknown {
  const found = [error, error instanceof Error ? error.cause : undefined].find(hasDetails);
  const words = found?.details ?? (error instanceof Error ? error.message : '');
  const { address } = connectionOptions;
  if (/^namespace.*not found/i.test(words)) {
    return new WrongUsage(
      `Cannot find namespace "${namespace}" on the server at ${address}: create it by "skyloom init", or set TEMPORAL_NAMESPACE`,
    );
  }
  if (found === undefined) return error;
  return new Error(`The server at ${address} did not do what was asked: ${found.details}`);
}

function hasDetails(error: unknown): error is { details: string } {
  return (
    error instanceof Error &&
    'details' in error &&
    typeof error.details === 'string' &&
    error.details !== ''
  );
}
