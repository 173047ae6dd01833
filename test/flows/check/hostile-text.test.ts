import { describe, expect, it } from '@jest/globals';
import type { FlowDefinition, Steps } from '../../../contracts/flow-definition.ts';
import { checkFlow } from '../../../flows/check/check-flow.ts';
import { drawMermaid } from '../../../flows/draw/mermaid.ts';
import { drawText } from '../../../flows/draw/text-drawing.ts';
import { loadFlow } from '../../../flows/load/load-flow.ts';
import { canonicalText } from '../../../flows/model/canonical-form.ts';
import { createProbe, flowOf, probe, runProbe } from '../support/probe.ts';

const hostile = [
  '${process.exit(1)}',
  '{"$from": "input"}',
  '"]; drop table flows; --',
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  '$(rm -rf ~)',
  '__proto__',
  'constructor',
  '\u0000\u001b[2J\u202e',
  '%%{init: {"theme":"x"}}%%',
  '{{ 7 * 7 }}',
  '\u{1F4A3}',
];

describe('hostile text', () => {
  it.each(hostile)('changes nothing but the place where it stands: %j', async (text) => {
    const { task, calls } = createProbe();
    const definition: FlowDefinition = flowOf(
      {
        a: probe(
          { value: text, [`x${text}`]: text },
          { title: text, routes: { back: 'a', on: 'a' } },
        ),
      },
      {
        title: text,
        description: text,
        labels: { [text]: text },
        channels: { notes: { merge: 'append' }, sum: { merge: 'sum' } },
        output: { $text: [text, '|', { $from: 'a' }] },
      },
    );
    const loaded = loadFlow(JSON.stringify(definition), { tasks: [task.facts] });
    expect(loaded.problems).toEqual([]);
    expect(loaded.definition).toEqual(definition);
    expect(JSON.parse(canonicalText(loaded.definition!))).toEqual(
      JSON.parse(canonicalText(definition)),
    );
    const result = await runProbe(loaded.definition!, [task]);
    expect(result.output).toBe(`${text}|${text}`);
    expect(calls).toEqual(['a']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(drawMermaid(definition).split('\n')).toHaveLength(5);
    expect(drawText(definition).split('\n')).toHaveLength(3);
    expect(drawText(definition)).not.toContain('\u001b');
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'is an id like any other: %s',
    async (id) => {
      const { task } = createProbe();
      const steps: Steps = { [id]: probe({ value: 1 }) };
      const flow = flowOf(steps, { output: { $from: id } });
      expect((await runProbe(flow, [task])).output).toBe(1);
      const missing = flowOf({ a: probe() }, { output: { $from: id } });
      const { problems } = checkFlow(missing, { tasks: [task.facts] });
      expect(problems.map(({ code }) => code)).toContain('unknown-step');
    },
  );
});
