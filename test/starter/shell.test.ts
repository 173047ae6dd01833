import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { completeLine } from '../../starter/shell/complete-line.ts';
import { splitLine } from '../../starter/shell/split-line.ts';
import { runCommand } from '../support/run-command.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const tasks = fileURLToPath(new URL('../flows/support/durable-tasks.js', import.meta.url));

let home: string;
let file: string;

beforeAll(async () => {
  home = await scratchFolder();
  file = join(home, 'doubles.json');
  await writeFile(
    file,
    `{
  "flow": "1", "name": "doubles", "version": "1.0.0",
  "input": { "type": "object", "properties": { "n": { "type": "number" } }, "required": ["n"] },
  "steps": {
    "once": { "task": "test.double@1", "with": { "value": { "$from": "input.n" } } },
    "twice": { "task": "test.double@1", "with": { "value": { "$from": "once" } } }
  }
}
`,
  );
});

describe('skyloom shell, from a pipe', () => {
  it('loads, changes and runs, a command a line, with the words of a manual', async () => {
    const out = join(home, 'with spaces.json');
    const { code, output, errors } = await pipe(
      `skyloom shell`,
      `maestro deserialize ${file}`,
      `add test.double@1 'value=$twice' --id thrice # the last one`,
      `execute --local --input '{"n": 1}'`,
      `serialize "${out}"`,
      'exit',
      'bogus',
    );
    expect(errors).toBe('');
    expect(output).toContain('Loaded doubles 1.0.0: 2 steps');
    expect(output).toMatch(/doubles: done\n8\n/);
    expect(code).toBe(0);
    const written = await readFile(out, 'utf8');
    expect(JSON.parse(written).steps.thrice).toEqual({
      task: 'test.double@1',
      with: { value: { $from: 'twice' } },
    });
    expect(written).toContain('"flow": "1", "name": "doubles"');
  }, 30_000);

  it.each<[string, string[], number, RegExp]>([
    [
      'a word that it does not know',
      ['shwo', 'serialize'],
      2,
      /unknown command 'shwo'\s+\(Did you mean show\?\)/,
    ],
    ['a quote that is open', [`show 'x`, 'serialize'], 2, /its ' is not closed/],
    [
      'a step that others read',
      [`deserialize FILE`, 'remove once', 'serialize'],
      2,
      /is read without "or" by "twice"/,
    ],
    [
      'a run that fails',
      [`deserialize FILE`, `execute --local --input '{"n":"x"}'`, 'serialize'],
      2,
      /number is needed/,
    ],
  ])(
    'ends at %s, with its exit code',
    async (_what, lines, expected, words) => {
      const { code, output, errors } = await pipe(
        ...lines.map((line) => line.replace('FILE', file)),
      );
      expect(errors).toMatch(words);
      expect(output).not.toContain('"steps"');
      expect(code).toBe(expected);
    },
    30_000,
  );
});

describe('the same words in the shell of the system', () => {
  it('work on the definition that was loaded last', async () => {
    const early = await skyloom(['execute', '--local'], join(home, 'fresh'));
    expect(early.errors).toMatch(/no definition is loaded: "deserialize <file>" loads one/);
    expect(early.code).toBe(2);
    await skyloom(['deserialize', file]);
    const run = await skyloom(['execute', '--local', '--input', '{"n": 3}', '--json']);
    expect(JSON.parse(run.output)).toMatchObject({ state: 'done', output: 12 });
    const removed = await skyloom(['remove', 'twice']);
    expect(removed.output).toBe('doubles 1.0.0\n0  once  test.double@1\n');
  }, 30_000);

  it('take the registry of Maestro, once it is said which tasks do its work', async () => {
    const registry = join(home, 'jobs.json');
    const double = { type: 'function', value: 'numbers.double' };
    const job = { type: 'callable', executable: double, parallel_group: null };
    const jobs = [
      { ...job, name: 'once', args: [3] },
      { ...job, name: 'twice.py', args: [{ type: 'DependsOn', value: 'once' }] },
    ];
    await writeFile(registry, JSON.stringify({ type: 'JobRegistry', value: jobs }));
    const bare = await skyloom(['deserialize', registry]);
    expect(bare.errors).toMatch(/fill in and hand over:[^]*"numbers.double"/);
    const bindings = join(home, 'bindings.json');
    const tasksByName = { 'numbers.double': { task: 'test.double@1', args: ['value'] } };
    await writeFile(bindings, JSON.stringify(tasksByName));
    const loaded = await skyloom(['deserialize', registry, '--bindings', bindings]);
    expect(loaded.output).toBe('Loaded imported 1.0.0: 2 steps\n');
    const run = await skyloom(['execute', '--local']);
    expect(run.output).toMatch(/imported: done\n12\n/);
  }, 30_000);
});

describe('splitLine()', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['  show  a.b ', ['show', 'a.b']],
    [`execute --input '{"n": 1}'`, ['execute', '--input', '{"n": 1}']],
    [String.raw`a "b \"c\" \d" e\ f ''`, ['a', String.raw`b "c" \d`, 'e f', '']],
    ['a#b # c', ['a#b']],
  ])('takes %j apart', (line, words) => {
    expect(splitLine(line)).toEqual(words);
  });
});

describe('completeLine()', () => {
  const vocabulary = {
    verbs: ['show', 'serialize', 'swap', 'add'],
    steps: () => ['downloads', 'small.resize'],
    tasks: () => ['image.resize@1', 'image.blur@1'],
    optionsOf: (verb: string) => (verb === 'add' ? ['--after', '--id'] : []),
  };

  it.each<[string, string[]]>([
    ['s', ['show ', 'serialize ', 'swap ']],
    ['show d', ['downloads ']],
    ['add image.r', ['image.resize@1 ']],
    ['add --', ['--after ', '--id ']],
    ['add image.blur@1 --after s', ['small.resize ']],
    ['serialize /no/such/', []],
  ])('completes %j', (line, expected) => {
    expect(completeLine(line, vocabulary)[0]).toEqual(expected);
  });

  it('completes files, and goes on in folders', () => {
    const [found] = completeLine(`deserialize ${join(home, 'doub')}`, vocabulary);
    expect(found).toEqual([`${file} `]);
  });
});

function pipe(...lines: string[]) {
  return runCommand(['shell', '--tasks', tasks], {
    input: `${lines.join('\n')}\n`,
    environment: { SKYLOOM_HOME: home },
  });
}

function skyloom(args: readonly string[], of = home) {
  return runCommand(args, { environment: { SKYLOOM_HOME: of, SKYLOOM_TASKS: tasks } });
}
