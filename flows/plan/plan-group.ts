import type { ParallelStep } from '../../contracts/flow-definition.ts';
import { mayFail, reasonOfFailure } from '../model/policy.ts';
import { BlockOutlook } from './plan-block.ts';
import { Unknown } from './partial-value.ts';
import { type Expectation, failing, outlookOf, type PlanContext } from './planned-step.ts';

/** As a run words it. */
const DID_NOT_RUN = { type: 'Skipped', message: 'Cannot give a value: it did not run' };

/** A group: its members, and whether those that are sure to fail lose it. */
export async function planGroup(context: PlanContext, step: ParallelStep): Promise<Expectation> {
  const { policy = 'strict' } = step;
  const block = await BlockOutlook.of({ ...context, steps: step.parallel });
  const ids = block.plan.ids.toSorted();
  const lost = new Set(block.unhandled());
  const failed = ids.filter((id) => lost.has(id) || isLost(block, id, lost));
  const skipped = ids.filter(
    (id) => block.expected.get(id)!.outlook === 'skip' && !failed.includes(id),
  );
  const reason = reasonOfFailure(policy, {
    total: ids.length,
    ok: ids.length - failed.length - skipped.length,
    skipped: skipped.length,
    failed,
  });
  if (reason !== undefined) return failing(reason, block.listed);
  const members = ids.flatMap((id) => {
    const { presence, value, outlook } = block.expected.get(id)!;
    if (!mayFail(policy, id)) return value === undefined ? [] : [[id, value] as const];
    if (presence === 'maybe') return [[id, new Unknown([])] as const];
    if (presence === 'yes') return [[id, { ok: true, value }] as const];
    const error = outlook === 'skip' ? DID_NOT_RUN : new Unknown([]);
    return [[id, { ok: false, error }] as const];
  });
  return {
    outlook: outlookOf(block.listed),
    words: `${ids.length} members`,
    presence: 'yes',
    value: Object.fromEntries(members),
    inner: block.listed,
  };
}

/** A member that does not run because another one is lost is lost itself. */
function isLost({ expected }: BlockOutlook, id: string, lost: ReadonlySet<string>): boolean {
  return expected.get(id)!.because?.some((other) => lost.has(other)) === true;
}
