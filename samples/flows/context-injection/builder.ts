import { z } from 'zod';
import { defineFlow } from '../../../flows/build/define-flow.ts';
import { runAsProgram } from '../run-example.ts';
import { introduce } from '../tasks.ts';

/** `inject_context=True`: every task gets its context as second argument; facts of the run are bound as `run`. */
export const flow = defineFlow('context-injection', {
  version: '1.0.0',
  title: 'A task that says where it stands',
  input: z.object({ greeting: z.string() }),
})
  .then('first', introduce, (s) => ({ flow: s.run.flow, greeting: s.input.greeting }))
  .then('second', introduce, (s) => ({ flow: s.run.flow, greeting: s.first.text }))
  .output((s) => ({ text: s.second.text, attempt: s.second.attempt }));

export const input = { greeting: 'Hello' };

await runAsProgram(import.meta.url, flow, input);
