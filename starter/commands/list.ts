import { isGrpcServiceError } from '@temporalio/client';
import { searchAttributes } from '../../contracts/search-attributes.ts';
import type { Settings } from '../../platform/configuration.ts';
import { WrongUsage } from '../exit-codes.ts';
import { runsOfClients } from '../find-run.ts';
import { findServer, withClient } from '../find-server.ts';
import { tableWords, type Terminal } from '../terminal.ts';

const INVALID_ARGUMENT = 3;
const PAGE_SIZE = 100;

export interface ListOptions {
  query?: string | undefined;
  limit: number;
}

/** Lists runs, newest first, by a visibility query. */
export async function list(
  { query, limit }: ListOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  const { access } = await findServer(settings);
  await withClient(access, async (client) => {
    const runs = [];
    const found = client.workflow.list({
      query: query === undefined ? runsOfClients : `${runsOfClients} AND (${query})`,
      pageSize: Math.min(limit, PAGE_SIZE),
    });
    try {
      for await (const each of found) {
        const attributes = each.typedSearchAttributes;
        runs.push({
          workflowId: each.workflowId,
          runId: each.runId,
          status: each.status.name,
          imageType: attributes.get(searchAttributes.imageType) ?? null,
          jobId: attributes.get(searchAttributes.jobId) ?? null,
          tenant: attributes.get(searchAttributes.tenant) ?? null,
          stage: attributes.get(searchAttributes.stage) ?? null,
          verdict: attributes.get(searchAttributes.verdict) ?? null,
          images: attributes.get(searchAttributes.imageCount) ?? null,
          failed: attributes.get(searchAttributes.imagesFailed) ?? null,
          startTime: each.startTime.toISOString(),
        });
        if (runs.length >= limit) break;
      }
    } catch (error) {
      // The client wraps what the server said.
      const cause = error instanceof Error ? error.cause : undefined;
      if (!isGrpcServiceError(cause) || Number(cause.code) !== INVALID_ARGUMENT) throw error;
      throw new WrongUsage(`Cannot list runs as the query is not understood: ${cause.details}`);
    }
    const rows = runs.map((run) => [
      run.startTime,
      run.status,
      run.stage ?? '-',
      run.verdict ?? '-',
      `${run.failed ?? '-'}/${run.images ?? '-'}`,
      run.workflowId,
    ]);
    const head = ['STARTED', 'STATUS', 'STAGE', 'VERDICT', 'FAILED/IMAGES', 'ID'];
    const words = runs.length === 0 ? 'No run matches' : tableWords([head, ...rows]);
    const isCut = runs.length >= limit;
    terminal.answer({ runs, isCut }, isCut ? `${words}\nThe newest ${limit}: see --limit` : words);
  });
}
