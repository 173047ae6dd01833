import type { ChooseStep, RepeatStep } from '../../contracts/flow-definition.ts';
import { addressOf } from '../model/step-record.ts';
import { holdsPartly } from './partial-condition.ts';
import { evaluatePartly, Unknown } from './partial-value.ts';
import { planBody } from './plan-block.ts';
import {
  type Expectation,
  failing,
  outlookOf,
  type PlanContext,
  type PlannedStep,
  running,
} from './planned-step.ts';

/** Iterations that are looked at; of a body whose results are all kept there could be a million. */
const LOOKED_AT = 1_000;

/** A choice: the first branch that holds, when that can be told. */
export async function planChoice(
  context: PlanContext,
  { choose }: ChooseStep,
): Promise<Expectation> {
  const { address, node, lookUp } = context;
  for (const branch of choose) {
    const holds = branch.if === undefined || holdsPartly(branch.if, lookUp);
    if (holds === false) continue;
    if (holds !== true) {
      const isSure = choose.at(-1)!.if === undefined;
      return {
        outlook: 'unknown',
        words: 'its branch is chosen later',
        needs: holds.because,
        presence: isSure ? 'yes' : 'maybe',
        value: new Unknown([address]),
        inner: [],
      };
    }
    const { name } = branch;
    const site = {
      ...context,
      node: node?.inner?.[name],
      address: addressOf(address, name),
      steps: {},
    };
    const { block, value, failure } = await planBody(site, branch.do);
    if (failure !== undefined) return failure;
    return {
      outlook: outlookOf(block.listed),
      words: `takes branch ${name}`,
      presence: 'yes',
      value: { branch: name, value },
      inner: block.listed,
    };
  }
  return { outlook: 'skip', words: 'no branch holds', presence: 'no', inner: [] };
}

/** An iteration: as many as are sure to be gone through. */
export async function planRepeat(
  context: PlanContext,
  { repeat }: RepeatStep,
): Promise<Expectation> {
  const { address, node, lookUp } = context;
  const start = repeat.start === undefined ? undefined : evaluatePartly(repeat.start, lookUp);
  const inner: PlannedStep[] = [];
  let count = node?.progress?.count ?? 0;
  let last: unknown = node?.progress?.value;
  const first = count;
  while (count < repeat.max && count < first + LOOKED_AT) {
    const key = `(${count + 1})`;
    let loop: Readonly<Record<string, unknown>> = { value: last ?? start, last, count };
    const site = {
      ...context,
      steps: {},
      node: node?.inner?.[key],
      address: addressOf(address, key),
      lookUp: (root: string) => (root === 'loop' ? loop : lookUp(root)),
    };
    const { block, value, failure } = await planBody(site, repeat.do);
    inner.push(...block.listed);
    if (failure !== undefined) return { ...failure, inner };
    last = value;
    count++;
    loop = { value: loop['value'], last, count };
    const isOver = holdsPartly(repeat.until, block.scope);
    if (isOver === true) {
      const words = `${count} ${count === 1 ? 'iteration' : 'iterations'}`;
      return { outlook: outlookOf(inner), words, presence: 'yes', value: last, inner };
    }
    if (isOver !== false) {
      const words = `again until its condition holds, at most ${repeat.max} times`;
      const value = new Unknown([address]);
      return {
        outlook: outlookOf(inner),
        words,
        needs: isOver.because,
        presence: 'yes',
        value,
        inner,
      };
    }
  }
  if (count < repeat.max) {
    return { ...running(context, `more than ${LOOKED_AT} iterations`), inner };
  }
  return failing(`its condition does not hold within the limit "max" of ${repeat.max}`, inner);
}
