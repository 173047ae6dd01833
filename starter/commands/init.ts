import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import type { Settings } from '../../platform/configuration.ts';
import { ensureNamespace, registerSearchAttributes } from '../../platform/temporal/namespace.ts';
import type { ServerAccess } from '../../platform/temporal/connection.ts';
import { searchAttributes } from '../../contracts/search-attributes.ts';
import { findServer, withConnection } from '../find-server.ts';
import type { Terminal } from '../terminal.ts';

const RETRY_MS = 1_000;
/** Namespaces and attributes reach every part of a server within its refresh interval of ten seconds. */
const VISIBLE_LIMIT_MS = 60_000;

export interface InitOptions {
  retentionDays: number;
  wait: number;
}

/** Prepares the server in use: the namespace, and the search attributes that runs are started with. */
export async function init(
  { retentionDays, wait }: InitOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  const { access } = await findServer(settings);
  await connectWithin(wait * 1000, access, terminal, async (connection) => {
    const { namespace } = access;
    const isCreated = await ensureNamespace(connection, namespace, retentionDays);
    const added = await persistently(() => registerSearchAttributes(connection, namespace));
    await persistently(() =>
      // What can be searched by can be set: a worker that starts now finds all it needs.
      connection.workflowService.countWorkflowExecutions({
        namespace,
        query: `${searchAttributes.imageType.name} = 'Navad'`,
      }),
    );
    const words = [
      `Namespace "${namespace}" ${isCreated ? `was created, closed runs are kept for ${retentionDays} days` : 'was there'}`,
      added.length === 0
        ? 'Every search attribute was there'
        : `Search attributes added: ${added.join(', ')}`,
    ];
    const { address } = access.connectionOptions;
    terminal.answer({ address, namespace, isCreated, added }, words.join('\n'));
  });
}

async function connectWithin(
  limitMs: number,
  access: ServerAccess,
  terminal: Terminal,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  let isTold = false;
  let isConnected = false;
  for (;;) {
    try {
      return await withConnection(access, (connection) => {
        isConnected = true;
        return work(connection);
      });
    } catch (error) {
      if (isConnected || Date.now() + RETRY_MS > deadline) throw error;
      if (!isTold) terminal.remark(`Waiting for the server at ${access.connectionOptions.address}`);
      isTold = true;
      await delay(RETRY_MS);
    }
  }
}

/** A namespace that was just made is not known everywhere at once. */
async function persistently<Result>(work: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + VISIBLE_LIMIT_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isMistyped = error instanceof Error && error.message.startsWith('Cannot use namespace');
      if (isMistyped || Date.now() + RETRY_MS > deadline) throw error;
      await delay(RETRY_MS);
    }
  }
}
