import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Catalogue, TaskFacts } from '../../../contracts/flow-catalogue.ts';
import { formatProblem, problemCodes } from '../../../flows/check/problem.ts';
import { loadFlow } from '../../../flows/load/load-flow.ts';
import { root, sampleCatalogue } from '../support/samples.ts';

/** One file per code, and beside it what is said about it. `UPDATE_MESSAGES=1` writes the latter anew. */
const folder = join(root, 'test', 'flows', 'check', 'refused');

const plain = { input: {}, output: {}, repeats: 0, spawns: [], reads: {}, writes: {}, routes: [] };
const catalogue: Catalogue = {
  ...sampleCatalogue,
  tasks: [
    ...sampleCatalogue.tasks,
    { ...plain, name: 'test.note@1', writes: { notes: { type: 'string' } } },
    { ...plain, name: 'test.router@1', routes: ['repair'] },
  ] satisfies TaskFacts[],
  flows: [{ name: 'ingestion@1', input: {}, output: {} }],
};

describe('checkFlow()', () => {
  const codes = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'));

  it('has a file for each of its codes', () => {
    expect(codes.toSorted()).toEqual([...problemCodes].sort());
  });

  it.each(codes)('says exactly what is wrong: %s', (code) => {
    const { problems, definition } = loadFlow(
      readFileSync(join(folder, `${code}.json`), 'utf8'),
      catalogue,
    );
    const said = problems.map((found) => `${formatProblem(found)}\n`).join('');
    const file = join(folder, `${code}.txt`);
    if (process.env['UPDATE_MESSAGES'] === '1' || !existsSync(file)) writeFileSync(file, said);
    expect(said).toBe(readFileSync(file, 'utf8'));
    expect(problems.map((found) => found.code)).toContain(code);
    const isWarned = problems.every(({ severity }) => severity === 'warning');
    expect(definition === undefined).toBe(!isWarned);
  });
});
