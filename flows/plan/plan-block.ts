import type { Binding, Block, Step, Steps } from '../../contracts/flow-definition.ts';
import { MissingValue, type Scope } from '../model/binding.ts';
import { type BlockPlan, defaultOutput, planOf } from '../model/block-plan.ts';
import { type Entry, failuresAt, failuresBehind, newEntry } from '../model/entry.ts';
import { addressOf, type StepNode } from '../model/step-record.ts';
import { aboutStep } from './about-step.ts';
import { holdsPartly } from './partial-condition.ts';
import { evaluatePartly, Unknown } from './partial-value.ts';
import {
  type Expect,
  type Expectation,
  failing,
  type PlannedStep,
  type Planning,
} from './planned-step.ts';

/** Where a block stands. */
export interface BlockSite {
  readonly planning: Planning;
  readonly steps: Steps;
  readonly address: string;
  /** What an earlier run noted there. */
  readonly node: StepNode | undefined;
  /** Values outside of the block. */
  readonly lookUp: Scope;
  readonly expect: Expect;
}

/**
 * What is expected of the steps of one block. It decides as a run does, step by step in the order of the
 * plan, except that it may say that it can't tell.
 */
export class BlockOutlook {
  readonly expected = new Map<string, Expectation>();
  readonly listed: PlannedStep[] = [];
  readonly plan: BlockPlan;
  private readonly site: BlockSite;
  private readonly entries = new Map<string, Entry>();

  private constructor(site: BlockSite) {
    this.site = site;
    this.plan = planOf(site.steps);
  }

  static async of(site: BlockSite): Promise<BlockOutlook> {
    const outlook = new BlockOutlook(site);
    for (const id of outlook.plan.ids) await outlook.look(id);
    return outlook;
  }

  /** Values as the steps of the block see them. */
  readonly scope: Scope = (root) => {
    const known = this.expected.get(root);
    if (known !== undefined) return known.value;
    if (root === 'channels') return new Unknown([]);
    return this.site.lookUp(root);
  };

  /** Steps that are known to fail, and that no step handles. */
  unhandled(): string[] {
    const handled = new Set(
      [...this.entries.values()].flatMap(({ failuresAfter }) => [...failuresAfter.handled]),
    );
    return this.plan.ids.filter(
      (id) => this.expected.get(id)!.outlook === 'fail' && !handled.has(id),
    );
  }

  private async look(id: string): Promise<void> {
    const step = this.site.steps[id]!;
    const entry = newEntry(0);
    this.entries.set(id, entry);
    entry.failuresBefore = failuresAt(
      this.plan.predecessors.get(id)!.map((name) => this.entries.get(name)!),
    );
    const node = latestNode(this.site.node, id);
    const address = addressOf(this.site.address, id);
    const expectation =
      this.recorded(node) ??
      this.skipped(id, step, entry) ??
      (await this.site.expect({
        planning: this.site.planning,
        step,
        address,
        node,
        lookUp: this.scope,
        expect: this.site.expect,
      }));
    const state =
      expectation.outlook === 'fail'
        ? 'failed'
        : expectation.presence === 'no'
          ? 'skipped'
          : 'done';
    entry.failuresAfter = failuresBehind(
      id,
      entry.failuresBefore,
      { state, steps: 0 },
      step.on === 'failure',
    );
    this.expected.set(id, expectation);
    const { outlook, words, needs, inner } = expectation;
    this.listed.push(
      { address, ...aboutStep(step), outlook, words, ...(needs && { needs }) },
      ...inner,
    );
  }

  private recorded(node: StepNode | undefined): Expectation | undefined {
    const record = node?.record;
    if (record === undefined) return undefined;
    const words = `done in run ${this.site.planning.from}`;
    const presence = record.value === undefined ? 'no' : 'yes';
    return { outlook: 'reuse', words, presence, value: record.value, inner: [] };
  }

  private skipped(id: string, step: Step, { failuresBefore }: Entry): Expectation | undefined {
    const { on = 'success' } = step;
    const { open } = failuresBefore;
    if (on === 'success' && open.size > 0)
      return { ...skip(`${[...open].sort().join(', ')} will fail`), because: [...open] };
    if (on === 'failure' && open.size === 0)
      return skip('it runs only when a step before it fails');
    const absence = on === 'success' ? this.absence(id) : undefined;
    if (absence !== undefined) return absence;
    if (step.if === undefined) return undefined;
    const holds = holdsPartly(step.if, this.scope);
    if (holds === true) return undefined;
    if (holds === false) return skip('its condition does not hold');
    return perhaps('its condition is known', holds);
  }

  /** As a step that reads another one that was skipped is skipped itself, unless it says what else to take. */
  private absence(id: string): Expectation | undefined {
    const needed = this.plan.references
      .get(id)!
      .filter(({ root, allowsAbsence }) => !allowsAbsence && this.expected.has(root))
      .map(({ root }) => ({ root, ...this.expected.get(root)! }));
    const absent = needed.find(({ presence }) => presence === 'no');
    if (absent !== undefined) return skip(`${absent.root} gives no value`);
    const open = needed.find(({ presence }) => presence === 'maybe');
    if (open === undefined) return undefined;
    const address = addressOf(this.site.address, open.root);
    return perhaps(`it is known whether ${open.root} runs`, new Unknown(open.needs ?? [address]));
  }
}

/** The output of a body, as far as it is known; a failure where one is certain. */
export async function planBody(
  site: BlockSite,
  { output, steps }: Pick<Block, 'output' | 'steps'>,
): Promise<{ block: BlockOutlook; value?: unknown; failure?: Expectation }> {
  const block = await BlockOutlook.of({ ...site, steps });
  const [failed] = block.unhandled();
  if (failed !== undefined) {
    const { words } = block.expected.get(failed)!;
    return { block, failure: failing(words, block.listed) };
  }
  const binding: Binding = output ?? defaultOutput(steps) ?? null;
  try {
    return { block, value: evaluatePartly(binding, block.scope) ?? null };
  } catch (error) {
    if (!(error instanceof MissingValue)) throw error;
    return { block, failure: failing(error.message, block.listed) };
  }
}

function skip(words: string): Expectation {
  return { outlook: 'skip', words, presence: 'no', inner: [] };
}

function perhaps(what: string, unknown: Unknown): Expectation {
  const needs = unknown.because;
  return {
    outlook: 'unknown',
    words: `runs or is skipped, once ${what}`,
    needs,
    presence: 'maybe',
    value: unknown,
    inner: [],
  };
}

/** After a jump only the last attempt counts. */
function latestNode(parent: StepNode | undefined, id: string): StepNode | undefined {
  const inner = parent?.inner ?? {};
  let latest = inner[id];
  for (let attempt = 2; inner[`${id}#${attempt}`] !== undefined; attempt++) {
    latest = inner[`${id}#${attempt}`];
  }
  return latest;
}
