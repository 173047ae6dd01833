import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { FlowDefinition, Json } from '../../../contracts/flow-definition.ts';
import { runLocally } from '../../../flows/local/run-locally.ts';
import { canonicalText } from '../../../flows/model/canonical-form.ts';
import { sampleTasks } from '../../../samples/flows/tasks.ts';
import { readSample, sampleNames } from '../support/samples.ts';
import { instantClock } from '../support/probe.ts';

interface Sample {
  readonly flow: { readonly definition: FlowDefinition };
  readonly input: Json;
}

/** What each example comes to, in memory. */
const outputs: Readonly<Record<string, Json>> = {
  approval: { url: 'https://images.example/1.jpg', approved: true },
  channels: {
    bytes: 46,
    largest: 16,
    names: ['1.jpg', '22.jpg'],
    order: ['images[0].measure', 'images[1].measure', 'images[2].measure'],
  },
  'context-injection': {
    text: 'Hello from first of context-injection from second of context-injection',
    attempt: 2,
  },
  diamond: 'data of x_a and data of x_b',
  etl: 'data of n.csv (north) and data of s.csv (south)',
  'fan-out-fan-in': {
    summary: { title: 'fan-out-fan-in', best: 0.7, count: 3 },
    scores: [0.5, 0.6, 0.7],
  },
  iteration: { quality: 60, bytes: 280000 },
  'multi-stage': ['https://images.example/1.jpg', 'https://images.example/2.jpg'],
  'next-task': { url: 'https://images.example/damaged.jpg' },
  parallel: ['left.jpg', 'middle.jpg', 'right.jpg'],
  simple: { url: 'https://images.example/1.jpg' },
};

it('runs by itself when its file is started', async () => {
  const path = fileURLToPath(new URL('../../../samples/flows/diamond/builder.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [path]);
  expect(stdout).toBe('diamond: done\n"data of x_a and data of x_b"\n');
});

describe.each(sampleNames)('the example %s', (name) => {
  it('says the same as a file and as calls, and nothing is wrong with it', async () => {
    const { flow } = await load(name);
    const { definition, problems } = readSample(name);
    expect(problems).toEqual([]);
    expect(canonicalText(flow.definition)).toBe(canonicalText(definition!));
  });

  it('runs to its end', async () => {
    const { flow, input } = await load(name);
    const result = await runLocally(flow, input, sampleTasks, {
      clock: instantClock(),
      approve: () => Promise.resolve({ approved: true, by: 'ann', form: { stars: 5 } }),
    });
    expect(result.state).toBe('done');
    const { [name]: output } = outputs;
    if (output !== undefined) expect(result.output).toEqual(output);
  });
});

async function load(name: string): Promise<Sample> {
  return (await import(`../../../samples/flows/${name}/builder.js`)) as Sample;
}
