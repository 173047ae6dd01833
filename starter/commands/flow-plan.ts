import type { FlowDefinition, Json } from '../../contracts/flow-definition.ts';
import { createTaskRegistry } from '../../flow-tasks.ts';
import { planRows, planSummary } from '../../flows/draw/plan-words.ts';
import { digestOf } from '../../flows/io/digest.ts';
import { TaskMemo } from '../../flows/io/task-memo.ts';
import type { TaskRegistry } from '../../flows/io/task-registry.ts';
import { type FlowPlan, planFlow } from '../../flows/plan/plan-flow.ts';
import type { PlanPort } from '../../flows/plan/planned-step.ts';
import { openArtifactStore } from '../../platform/open-store.ts';
import type { Settings } from '../../platform/configuration.ts';
import { type ExitCode, exitCodes, WrongUsage } from '../exit-codes.ts';
import { readSoundFlow } from '../flow-file.ts';
import { fittingInput, readFlowInput } from '../flow-input.ts';
import { tableWords, type Terminal } from '../terminal.ts';

export interface PlanOptions {
  input?: string | undefined;
  fromRun?: string | undefined;
}

/** Says what a run would do, item by item, without running anything. A run that is sure to fail is a no. */
export async function flowPlan(
  path: string,
  { input, fromRun }: PlanOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  const registry = await createTaskRegistry(settings);
  const definition = await readSoundFlow(path, registry);
  const given = input === undefined ? undefined : await readFlowInput(input);
  const port = portTo(registry, settings);
  const plan = await (fromRun === undefined
    ? planFlow(definition, fittingInput(definition, given ?? {}), port)
    : planFrom(fromRun, definition, given, port, settings));
  terminal.answer({ ...plan, ...(fromRun && { fromRun }) }, planWords(plan));
  return plan.failure === undefined ? exitCodes.done : exitCodes.verdictNegative;
}

/** The plan of a run that takes over what an earlier one did. */
async function planFrom(
  runId: string,
  definition: FlowDefinition,
  given: Json | undefined,
  port: PlanPort,
  settings: Settings,
): Promise<FlowPlan> {
  const { readEndedRun } = await import('../ended-flow-run.ts');
  const { request, digest, snapshot } = await readEndedRun(runId, settings);
  if (digest !== digestOf(definition)) {
    throw new WrongUsage(
      `Cannot plan from run "${runId}" as it ran another definition: its digest is ${digest}`,
    );
  }
  const input = fittingInput(definition, given ?? request.input ?? {});
  return planFlow(definition, input, port, snapshot && { runId, snapshot });
}

/** Results are looked up where the workers of this home folder keep them; nothing is changed there. */
function portTo(registry: TaskRegistry, settings: Settings): PlanPort {
  const store = openArtifactStore(settings);
  const memo = new TaskMemo(store.storage);
  return {
    factsOf: (name) => registry.tasks.get(name)?.facts,
    flow: (name) => registry.flows.get(name),
    recall: (task, value) => memo.recall(task, value, (file) => store.has(file)),
  };
}

function planWords(plan: FlowPlan): string {
  return `${tableWords([['OUTLOOK', 'STEP', 'DOES', 'WHY'], ...planRows(plan)])}\n${planSummary(plan)}`;
}
