import type { FlowDefinition, Json, Step } from '../../contracts/flow-definition.ts';
import type { TaskFacts } from '../../contracts/flow-catalogue.ts';
import type { StepKind } from '../model/graph.ts';
import type { Scope } from '../model/binding.ts';
import type { StepNode } from '../model/step-record.ts';
import { Unknown } from './partial-value.ts';

/** What will become of a step, if nothing that runs fails. */
export type Outlook = 'run' | 'reuse' | 'skip' | 'fail' | 'unknown';

/** A step of a plan, under the address that it will have in the run. */
export interface PlannedStep {
  readonly address: string;
  readonly kind: StepKind | 'item';
  readonly title?: string;
  readonly task?: string;
  readonly outlook: Outlook;
  /** Why, in a few words. */
  readonly words: string;
  /** Addresses of the steps after which more is known. */
  readonly needs?: readonly string[];
}

/** What the planner asks of the world. */
export interface PlanPort {
  /** What a task says about itself. */
  factsOf(task: string): TaskFacts | undefined;
  /** What a cached task gave for that input, when that is kept and all its files are there. */
  recall(task: string, input: Json): Promise<{ readonly value: Json } | null>;
  /** A flow that others call, by `name@major`. */
  flow(name: string): FlowDefinition | undefined;
}

/** What is expected of a step, and what that means for those after it. */
export interface Expectation {
  readonly outlook: Outlook;
  readonly words: string;
  readonly needs?: readonly string[];
  /** Whether it will have a value: of a step that is perhaps skipped nobody can tell. */
  readonly presence: 'yes' | 'no' | 'maybe';
  readonly value?: unknown;
  /** Steps that are sure to fail, and for which this one is skipped. */
  readonly because?: readonly string[];
  /** What is inside of it. */
  readonly inner: readonly PlannedStep[];
}

/** What all blocks of one plan share. */
export interface Planning {
  readonly definition: FlowDefinition;
  readonly port: PlanPort;
  /** Name of the run whose results are taken over. */
  readonly from?: string;
  /** Flows around this one, outermost first: one that calls itself would never end. */
  readonly callers: readonly string[];
}

/** One step as the code of its kind sees it. */
export interface PlanContext {
  readonly planning: Planning;
  readonly step: Step;
  readonly address: string;
  readonly node: StepNode | undefined;
  readonly lookUp: Scope;
  readonly expect: Expect;
}

/** Says what is expected of one step; handed in, as some kinds plan blocks themselves. */
export type Expect = (context: PlanContext) => Promise<Expectation>;

/** What can't be otherwise once the run comes there. */
export function failing(words: string, inner: readonly PlannedStep[] = []): Expectation {
  return { outlook: 'fail', words, presence: 'no', inner };
}

/** What a step is taken for by what is inside of it. */
export function outlookOf(inner: readonly PlannedStep[]): Outlook {
  const has = (outlook: Outlook) => inner.some((step) => step.outlook === outlook);
  if (has('run')) return 'run';
  if (has('unknown')) return 'unknown';
  return has('reuse') ? 'reuse' : 'run';
}

/** What will run: what it gives is known only then. */
export function running({ address }: PlanContext, words: string): Expectation {
  return { outlook: 'run', words, presence: 'yes', value: new Unknown([address]), inner: [] };
}
