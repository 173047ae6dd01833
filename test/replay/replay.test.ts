import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { Worker } from '@temporalio/worker';

/** Compiled tests run from `dist/test/replay`; the histories stay where they are kept. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const folder = join(root, 'test', 'histories');

const bundles: Record<string, string> = {
  AutomationWorkflow: 'orchestrator',
  IngestionWorkflow: 'ingestion',
  AccuracyWorkflow: 'accuracy',
  AccuracyPageWorkflow: 'accuracy',
  GeolocalizationWorkflow: 'geolocalization',
  CleanupWorkflow: 'cleanup',
  ExpiryWorkflow: 'cleanup',
  FlowWorkflow: 'orchestrator',
  FlowBatchWorkflow: 'orchestrator',
};

describe('every recorded history', () => {
  it('replays with the workflow code of today', async () => {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
    const replayed = new Set<string>();
    for (const name of names) {
      const history = JSON.parse(await readFile(join(folder, name), 'utf8'));
      const { workflowId, workflowType } =
        history.events[0].workflowExecutionStartedEventAttributes;
      const codePath = join(root, 'dist', bundles[workflowType.name]!, 'workflow-bundle.js');
      expect(existsSync(codePath)).toBe(true);
      // Child ids start with the id of their parent, so the run has to be replayed under its own.
      await Worker.runReplayHistory({ workflowBundle: { codePath } }, history, workflowId);
      replayed.add(workflowType.name);
    }
    expect([...replayed].sort()).toEqual(Object.keys(bundles).sort());
  }, 60_000);

  it('is refused when the code takes another way', async () => {
    const name = (await readdir(folder)).find((each) => each.startsWith('flight-automation'))!;
    const history = JSON.parse(await readFile(join(folder, name), 'utf8'));
    const scheduled = history.events.find(
      (event: { activityTaskScheduledEventAttributes?: object }) =>
        event.activityTaskScheduledEventAttributes !== undefined,
    );
    scheduled.activityTaskScheduledEventAttributes.activityType.name = 'anotherActivity';
    const codePath = join(root, 'dist', 'orchestrator', 'workflow-bundle.js');
    const { workflowId } = history.events[0].workflowExecutionStartedEventAttributes;
    await expect(
      Worker.runReplayHistory({ workflowBundle: { codePath } }, history, workflowId),
    ).rejects.toThrow(/Nondeterminism/i);
  }, 60_000);
});
