import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect } from '@jest/globals';
import type { AutomationResult } from '../../contracts/automation.ts';
import { type FlightReportDocument, flightReportDocumentSchema } from '../../contracts/report.ts';
import { taskQueues } from '../../contracts/task-queues.ts';
import { runFolderPath } from '../../platform/run-folder.ts';
import { itAtLength } from '../support/long-tests.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';

describeWithRealData('a real flight on a real server', () => {
  let testStack: TestStack;
  beforeAll(async () => {
    const isWanted = process.env['SKYLOOM_LONG_TESTS'] === '1';
    const roots = { SKYLOOM_SOURCE_ROOTS: realDataPath('') };
    if (isWanted) testStack = await startTestStack(undefined, roots);
  }, 60_000);

  async function reportOf(folder: string, request: object): Promise<FlightReportDocument> {
    const { client, home } = testStack;
    const result: AutomationResult = await client.workflow.execute('AutomationWorkflow', {
      workflowId: `navad/${folder}`,
      taskQueue: taskQueues.automation,
      args: [{ imageType: 'Navad', imagePath: realDataPath(folder), force: true, ...request }],
    });
    const path = join(runFolderPath(home, result.runKey), 'report.json');
    return flightReportDocumentSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  }

  itAtLength(
    'in which six images were turned has its figures, relative and adjusted ones too',
    async () => {
      const { ground, relative, bundle, findings } = await reportOf('flight-brighton', {
        control: realDataPath('flight-brighton/control-derived/gcp_list.txt'),
        heights: 'takeoff',
        gate: { isControlDerived: true, relativeAccuracy: true, bundleAdjustment: true },
      });
      expect(Object.values(ground!.turnedImages)).toEqual(Array(6).fill(180));
      expect(findings.map(({ code }) => code)).toContain('YAW_IMAGE_INCONSISTENT');
      expect(Math.abs(ground!.observations.all!.rmseRadial - 2.412)).toBeLessThan(0.01);
      const { inStrip, acrossStrips } = relative!;
      if (!inStrip.measurable || !acrossStrips.measurable) throw new Error('not measurable');
      expect(inStrip.perImage).toBeGreaterThan(0.4);
      expect(inStrip.perImage).toBeLessThan(1);
      expect(Math.abs(acrossStrips.medianNorth + 2.6)).toBeLessThan(0.3);
      if (bundle === null || 'reason' in bundle) throw new Error('no bundle');
      expect(bundle.doubts).toEqual([]);
      // The first line flies over trees.
      expect(bundle.images).toBeGreaterThanOrEqual(16);
      expect(Math.abs(bundle.focalRatio - 0.59)).toBeLessThan(0.005);
      // 0.25 pixels of an image of 2000 columns.
      expect(bundle.rmsPixels).toBeLessThan((0.25 * 1280) / 2000);
      expect(bundle.controlPoints).toHaveLength(5);
      expect(bundle.checkPoints).toHaveLength(5);
      expect(bundle.checkRmseBefore!).toBeGreaterThan(2);
      expect(bundle.checkRmseAfter!).toBeLessThan(0.2);
    },
    600_000,
  );

  itAtLength(
    'without errors is adjusted to where it was',
    async () => {
      const { bundle } = await reportOf('synthetic-flight-clean', {
        gate: { bundleAdjustment: true },
      });
      if (bundle === null || 'reason' in bundle) throw new Error('no bundle');
      expect(bundle).toMatchObject({ images: 12, leftOutImages: [], doubts: [] });
      expect(Math.abs(bundle.focalChange)).toBeLessThan(1e-3);
      expect(bundle.largestTurnDegrees).toBeLessThan(0.05);
      expect(bundle.checkRmseAfter!).toBeLessThan(0.01);
    },
    300_000,
  );
});
