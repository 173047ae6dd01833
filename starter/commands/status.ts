import { searchAttributes } from '../../contracts/search-attributes.ts';
import type { Settings } from '../../platform/configuration.ts';
import { imageTypeOf } from '../automation-run.ts';
import { findRun } from '../find-run.ts';
import { findServer, withClient } from '../find-server.ts';
import { progressOf } from '../follow-run.ts';
import { hindranceWords } from '../hindrances.ts';
import type { Terminal } from '../terminal.ts';

/** How a run stands at this moment. */
export async function status(id: string, settings: Settings, terminal: Terminal): Promise<void> {
  const { access } = await findServer(settings);
  await withClient(access, async (client) => {
    const { handle, described } = await findRun(client, id);
    const attributes = described.typedSearchAttributes;
    const isOpen = described.status.name === 'RUNNING';
    const progress = isOpen ? await progressOf(client, handle) : null;
    const imageType = imageTypeOf(attributes.get(searchAttributes.imageType));
    const held = { workflowId: id, runId: described.runId, imageType: imageType ?? null };
    const warning = isOpen ? await hindranceWords(client, held) : '';
    const document = {
      workflowId: id,
      runId: described.runId,
      status: described.status.name,
      stage: attributes.get(searchAttributes.stage) ?? null,
      verdict: attributes.get(searchAttributes.verdict) ?? null,
      images: attributes.get(searchAttributes.imageCount) ?? null,
      failed: attributes.get(searchAttributes.imagesFailed) ?? null,
      startTime: described.startTime,
      closeTime: described.closeTime ?? null,
      progress,
      warning: warning === '' ? null : warning,
    };
    const words = [document.status, document.stage, document.verdict, progress?.words];
    const line = [id, ...words.filter((word) => word !== null && word !== undefined)].join('  ');
    terminal.answer(document, warning === '' ? line : `${line}\n${warning}`);
  });
}
