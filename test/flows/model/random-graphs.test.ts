import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Block, FlowDefinition, Json } from '../../../contracts/flow-definition.ts';
import { LocalEngine } from '../../../flows/local/local-engine.ts';
import { canonicalForm } from '../../../flows/model/canonical-form.ts';
import { type RunResult, type Snapshot, startRun } from '../../../flows/model/run-flow.ts';
import { compute, computeTask, randomFlow, withoutWords } from '../support/random-flows.ts';
import { interpret } from '../support/reference-interpreter.ts';

const inputs = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
const tasks = new Map([[computeTask.facts.name, computeTask]]);

describe('the scheduler on random flows', () => {
  it('comes to the states and output of the reference, in whatever order tasks end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), randomFlow, inputs, async (scheduler, flow, list) => {
        const engine = new LocalEngine(tasks, 'r', {});
        const runTask = engine.runTask.bind(engine);
        engine.runTask = async (call, cancellation) => {
          await scheduler.schedule(Promise.resolve());
          return runTask(call, cancellation);
        };
        const { result } = startRun({ ...asRun(flow, list), engine });
        expect(brief(await scheduler.waitFor(result))).toEqual(expected(flow, list));
      }),
      { numRuns: 400 },
    );
  });

  it('comes to the same when it pauses after any step and goes on from JSON', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomFlow,
        inputs,
        fc.integer({ min: 1, max: 4 }),
        async (flow, list, every) => {
          let snapshot: Snapshot | undefined;
          let result: RunResult;
          do {
            const engine = new LocalEngine(tasks, 'r', {});
            let started = 0;
            const runTask = engine.runTask.bind(engine);
            engine.runTask = (call, cancellation) => {
              started++;
              return runTask(call, cancellation);
            };
            const options = { ...asRun(flow, list), ...(snapshot && { snapshot }) };
            const advised = Object.assign(engine, { isAdvisedToPause: () => started >= every });
            result = await startRun({ ...options, engine: advised }).result;
            snapshot = JSON.parse(JSON.stringify(result.snapshot)) as Snapshot;
          } while (result.state === 'paused');
          expect(brief(result)).toEqual(expected(flow, list));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('does not depend on what the canonical form leaves out', async () => {
    await fc.assert(
      fc.asyncProperty(randomFlow, inputs, async (flow, list) => {
        const run = asRun(flow, list);
        const definition = canonicalForm(run.definition);
        const engine = new LocalEngine(tasks, 'r', {});
        const result = await startRun({ ...run, definition, engine }).result;
        expect(brief(result)).toEqual(expected(flow, list));
      }),
      { numRuns: 200 },
    );
  });
});

function asRun(flow: Block, list: readonly number[]) {
  const head = { flow: '1', name: 'random', version: '1.0.0' } as const;
  const definition: FlowDefinition = { ...head, ...flow };
  return { definition, input: { list } as Json, runId: 'r' };
}

function expected(flow: Block, list: readonly number[]) {
  const { states, ...rest } = interpret(flow, { list }, compute);
  return { ...rest, states: settledOnly(states) };
}

function brief({ state, output, states }: RunResult) {
  const end = state === 'done' ? { state, output: withoutWords(output) } : { state };
  return { ...end, states: settledOnly(states) };
}

/** Branches and iterations are places and no steps: they have no state of their own. */
function settledOnly(states: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(states).filter(([, state]) => state !== 'waiting' && state !== 'running'),
  );
}
