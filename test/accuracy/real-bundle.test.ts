import { expect } from '@jest/globals';
import { TieViews } from '../../accuracy/io/tie-views.ts';
import { adjustFlight, planBundle } from '../../accuracy/model/flight-bundle.ts';
import { PlanBuilder } from '../../accuracy/model/plan-builder.ts';
import { pairCorners } from '../../accuracy/model/tie-pairs.ts';
import { laterNeighbors, starOfTies, type TiePair } from '../../accuracy/model/tie-stars.ts';
import type { BundleStatement, MatchedTie } from '../../contracts/bundle.ts';
import type { CheckedFlight } from '../../contracts/checked-flight.ts';
import { itAtLength } from '../support/long-tests.ts';
import { describeWithRealData, realDataPath } from '../support/real-data.ts';
import { ingestFlight } from './assess-flight.ts';

/** The bundle adjustment of a flight, step by step, without a server. */
async function adjust(
  checked: CheckedFlight,
): Promise<Exclude<BundleStatement, { reason: string }>> {
  const builder = new PlanBuilder(
    { heights: 'takeoff', gate: { isControlDerived: true } },
    checked,
  );
  builder.add(checked.images);
  const plan = builder.build();
  const planned = planBundle(checked.images, { plan, terrain: null });
  if ('reason' in planned) throw new Error(planned.reason);
  const { views } = planned;
  const tieViews = new TieViews();
  const viewOf = async (number: number) => {
    const view = views[number]!;
    const path = realDataPath(`flight-brighton/images/${view.view.name}`);
    return { number, ...(await tieViews.get(view, async () => path)) };
  };
  const ties: MatchedTie[] = [];
  for (const number of views.keys()) {
    const first = await viewOf(number);
    const pairs: TiePair[] = [];
    for (const later of laterNeighbors(number, views)) {
      const other = await viewOf(later);
      pairs.push({ other, corners: pairCorners(first, other) });
    }
    ties.push(...starOfTies(first, pairs));
  }
  const adjusted = adjustFlight(planned, ties, plan);
  if ('reason' in adjusted) throw new Error(adjusted.reason);
  return adjusted;
}

describeWithRealData('a bundle adjustment of a real flight in which six images were turned', () => {
  const load = () =>
    ingestFlight(realDataPath('flight-brighton'), {
      control: realDataPath('flight-brighton/control-derived/gcp_list.txt'),
    });

  itAtLength(
    'ties all images once the six are turned, and agrees with points that took no part',
    async () => {
      const bundle = await adjust(await load());
      expect(bundle.images).toBe(18);
      expect(bundle.doubts).toEqual([]);
      expect(Math.abs(bundle.focalRatio - 0.59)).toBeLessThan(0.005);
      // 0.25 pixels of an image of 2000 columns.
      expect(bundle.rmsPixels).toBeLessThan((0.25 * 1280) / 2000);
      expect(bundle.checkRmseAfter!).toBeLessThan(0.2);
    },
    300_000,
  );

  itAtLength(
    'without points depends on what is assumed of the camera, and still is plausible',
    async () => {
      const bundle = await adjust({ ...(await load()), control: [] });
      expect(bundle.images).toBe(18);
      expect(bundle.doubts).toEqual([]);
      expect(bundle.rmsPixels).toBeLessThan((0.25 * 1280) / 2000);
      // Over nearly level ground focal length and height can hardly be told apart.
      expect(Math.abs(bundle.focalRatio - 0.585)).toBeLessThan(0.03);
      expect(bundle.checkRmseAfter).toBeNull();
    },
    300_000,
  );

  itAtLength(
    'is refused as implausible when the six are not turned',
    async () => {
      const checked = await load();
      const bundle = await adjust({
        ...checked,
        images: checked.images.map((image) => ({
          ...image,
          findings: image.findings.filter(({ code }) => code !== 'YAW_IMAGE_INCONSISTENT'),
        })),
      });
      expect(bundle.doubts[0]!.code).toBe('CALIBRATION_IMPLAUSIBLE');
      expect(Math.abs(bundle.focalChange)).toBeGreaterThan(0.05);
      expect(bundle.checkRmseAfter).toBeNull();
      expect(bundle.claims.join()).toContain('not believed');
    },
    300_000,
  );
});
