import { appendFile, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { defineFlow } from '../../../flows/build/define-flow.ts';
import { PermanentTaskFailure } from '../../../flows/build/permanent-task-failure.ts';
import { defineTask } from '../../../flows/build/task.ts';

/** Tasks and a flow that a worker loads as a module, as it does those of a user. */

/** Notes that it ran, so that a test can count, and that it stopped when it takes its time for that. */
export const note = defineTask({
  name: 'test.note@1',
  input: z.object({
    path: z.string(),
    text: z.string(),
    milliseconds: z.number().default(0),
    toStop: z.number().optional(),
  }),
  output: z.string(),
  run: async ({ path, text, milliseconds, toStop }, { signal }) => {
    await appendFile(path, `${text}\n`);
    try {
      await delay(milliseconds, undefined, { signal });
    } catch (error) {
      if (toStop !== undefined) {
        await delay(toStop);
        await appendFile(path, `${text} stopped\n`);
      }
      throw error;
    }
    return text.toUpperCase();
  },
});

/** Fails until a file is there, as a cause that a person has to mend. */
export const needs = defineTask({
  name: 'test.needs@1',
  input: z.object({ path: z.string() }),
  output: z.string(),
  run: async ({ path }) => {
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    if (!isThere) throw new PermanentTaskFailure('Missing', `Cannot go on as "${path}" is missing`);
    return 'there';
  },
});

export const double = defineTask({
  name: 'test.double@1',
  input: z.object({ value: z.number() }),
  output: z.number(),
  run: ({ value }) => value * 2,
});

/** A record as wide as that of an image; it fails while a file that it needs is missing. */
export const widen = defineTask({
  name: 'test.widen@1',
  input: z.object({ value: z.number(), log: z.string(), needs: z.string().optional() }),
  output: z.object({ value: z.number(), padding: z.string() }),
  errors: ['Error'],
  run: async ({ value, log, needs: needed }) => {
    await appendFile(log, `${value}\n`);
    if (needed !== undefined) await stat(needed);
    return { value, padding: 'x'.repeat(400) };
  },
});

export const total = defineTask({
  name: 'test.total@1',
  input: z.object({ records: z.array(z.object({ value: z.number() }).loose()) }),
  output: z.number(),
  run: ({ records }) => records.reduce((sum, { value }) => sum + value, 0),
});

/** Gives a list that is too long to travel. */
export const count = defineTask({
  name: 'test.count@1',
  input: z.object({ to: z.number() }),
  output: z.object({ numbers: z.array(z.number()) }),
  run: ({ to }) => ({ numbers: Array.from({ length: to }, (_, index) => index) }),
});

/** Sends the run to the route `repair` while its value is odd. */
export const inspect = defineTask({
  name: 'test.inspect@1',
  input: z.object({ value: z.number() }),
  output: z.number(),
  routes: ['repair'],
  run: ({ value }, context) => {
    if (value % 2 === 1) context.goto('repair');
    return value;
  },
});

/** Tells in whose name it runs. */
export const identity = defineTask({
  name: 'test.identity@1',
  input: z.object({}),
  output: z.object({ run: z.string(), session: z.string() }),
  run: (_, { runId, sessionId }) => ({ run: runId, session: sessionId }),
});

export const identified = defineFlow('identified', { version: '1.0.0', input: z.object({}) })
  .then('who', identity, () => ({}))
  .output((s) => s.who);

/** Called by other flows by its name. */
export const quadruple = defineFlow('quadruple', {
  version: '1.0.0',
  input: z.object({ value: z.number() }),
})
  .then('once', double, (s) => ({ value: s.input.value }))
  .then('twice', double, (s) => ({ value: s.once }))
  .output((s) => s.twice);
