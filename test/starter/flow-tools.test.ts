import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { runCommand } from '../support/run-command.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';

const tasks = fileURLToPath(new URL('../flows/support/durable-tasks.js', import.meta.url));

let stack: TestStack;
let folder: string;
let file: string;
let text: string;

beforeAll(async () => {
  folder = await scratchFolder();
  file = join(folder, 'flow.json');
  text = `{
  "flow": "1",
  "name": "tools",
  "version": "1.0.0",
  "limits": { "maxItems": 10 },
  "steps": {
    "doubles": {
      "map": {
        "over": { "$from": "input.values" },
        "do": { "steps": { "one": { "task": "test.double@1", "with": { "value": { "$from": "item" } }, "cache": true } } }
      }
    },
    "needs": { "task": "test.needs@1", "with": { "path": { "$from": "input.path" } }, "after": ["doubles"], "retry": { "attempts": 1 } },
    "last": { "task": "test.double@1", "with": { "value": { "$from": "doubles.items[0]" } }, "after": ["needs"] }
  }
}
`;
  await writeFile(file, text);
  stack = await startTestStack(['automation', 'imaging', 'cleanup'], { SKYLOOM_TASKS: tasks });
}, 120_000);

afterAll(() => stack.stop(), 60_000);

describe('the tools for flows', () => {
  it('say beforehand what runs, and afterwards what is reused and where each step is', async () => {
    const input = JSON.stringify({ values: [1, 2], path: join(folder, 'missing') });
    expect(await outlooks(['plan', file, '--input', input])).toEqual({
      doubles: 'run',
      'doubles[0].one': 'run',
      'doubles[1].one': 'run',
      needs: 'run',
      last: 'run',
    });
    const run = await skyloom(['flow', 'run', file, '--input', input, '--id', 'a']);
    expect(run.code).toBe(1);

    // What is kept is found under the key that the worker kept it by, for those values and no others.
    const more = JSON.stringify({ values: [1, 2, 3], path: 'x' });
    expect(await outlooks(['plan', file, '--input', more])).toEqual({
      doubles: 'run',
      'doubles[0].one': 'reuse',
      'doubles[1].one': 'reuse',
      'doubles[2].one': 'run',
      needs: 'run',
      last: 'run',
    });
    const from = await skyloom(['flow', 'plan', file, '--from-run', 'flow/tools/a']);
    expect(from.output).toMatch(/^reused +doubles +map +done in run flow\/tools\/a$/m);
    expect(from.output).toMatch(/^tools 1.0.0, if nothing fails: 2 runs, 1 reused$/m);

    const inspected = await skyloom(['flow', 'inspect', file, '--run', 'flow/tools/a']);
    expect(inspected.output).toMatch(/^ +done +doubles +map/m);
    expect(inspected.output).toMatch(/^ +2 done +doubles.one +task/m);
    expect(inspected.output).toMatch(/^ +failed +needs +task/m);
    expect(inspected.output).toMatch(/^ +skipped +last +task/m);

    const picture = join(folder, 'flow.png');
    await skyloom(['flow', 'graph', file, '--format', 'png', '-o', picture]);
    expect((await sharp(picture).metadata()).format).toBe('png');
    const drawn = await skyloom([
      'flow',
      'graph',
      file,
      '--format',
      'svg',
      '--run',
      'flow/tools/a',
    ]);
    expect(drawn.output).toMatch(/^<svg [^]*"step failed"[^]*<\/svg>\n$/);
  }, 90_000);

  it('say no to a run that is sure to fail, and to one of another definition', async () => {
    const input = JSON.stringify({ values: Array.from({ length: 11 }).fill(1), path: 'x' });
    const plan = await skyloom(['flow', 'plan', file, '--input', input]);
    expect(plan.output).toMatch(/11 items are more than the limit "maxItems" of 10/);
    expect(plan.code).toBe(3);
    const other = join(folder, 'other.json');
    await writeFile(other, text.replace('1.0.0', '1.0.1'));
    const from = await skyloom(['flow', 'plan', other, '--from-run', 'flow/tools/a']);
    expect(from.errors).toMatch(/as it ran another definition/);
    expect(from.code).toBe(2);
  }, 60_000);

  it('run what is loaded on the server', async () => {
    const path = join(folder, 'there');
    await writeFile(path, '');
    const input = JSON.stringify({ values: [1], path });
    const lines = [`deserialize ${file}`, `execute --id b --input '${input}'`, ''];
    const { code, output } = await skyloom(['shell'], lines.join('\n'));
    expect(output).toMatch(/tools 1.0.0: done\n4\n/);
    expect(code).toBe(0);
  }, 60_000);
});

describe('a step that is taken out', () => {
  it('leaves the rest of the file as it was written', async () => {
    const shown = await skyloom(['flow', 'remove-step', file, 'needs']);
    expect(shown.errors).toBe('');
    const lines = text.split('\n');
    const kept = lines.filter((line) => !line.includes('"needs": {'));
    expect(shown.output).toBe(kept.join('\n').replace(/, "after": \["needs"\]/, ''));
    const refused = await skyloom(['flow', 'remove-step', file, 'doubles', '--in-place']);
    expect(refused.errors).toBe(
      'Cannot remove step "doubles" as its result is read without "or" by "last"\n',
    );
    expect(refused.code).toBe(2);
    expect(await readFile(file, 'utf8')).toBe(text);
    await skyloom(['flow', 'remove-step', file, 'needs', '--in-place']);
    expect(await readFile(file, 'utf8')).toBe(shown.output);
  }, 60_000);
});

function skyloom(args: readonly string[], input = '') {
  return runCommand(args, { environment: { SKYLOOM_HOME: stack.home }, input });
}

async function outlooks(args: readonly string[]): Promise<Record<string, string>> {
  const { output } = await skyloom(['flow', ...args, '--json']);
  const { steps } = JSON.parse(output) as { steps: { address: string; outlook: string }[] };
  return Object.fromEntries(steps.map(({ address, outlook }) => [address, outlook]));
}
