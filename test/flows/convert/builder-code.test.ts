import { describe, expect, it } from '@jest/globals';
import { transformSync } from '@swc/core';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FlowDefinition } from '../../../contracts/flow-definition.ts';
import { builderCode } from '../../../flows/convert/builder-code.ts';
import { canonicalText } from '../../../flows/model/canonical-form.ts';
import { readSample, root, sampleCatalogue, sampleNames } from '../support/samples.ts';

describe('builderCode()', () => {
  it.each(sampleNames)('gives code that gives %s again, byte for byte', async (name) => {
    const { definition } = readSample(name);
    expect(canonicalText(await evaluate(builderCode(definition!, sampleCatalogue)))).toBe(
      canonicalText(definition!),
    );
  });

  it('writes data as data, whatever is in it', async () => {
    const hostile = '`${process.exit(1)}` "); process.exit(1); //';
    const definition: FlowDefinition = {
      flow: '1',
      name: 'x',
      version: '1.0.0',
      title: hostile,
      steps: { a: { task: 't@1', title: hostile, with: { [hostile]: hostile } } },
    };
    expect(canonicalText(await evaluate(builderCode(definition, { tasks: [] })))).toBe(
      canonicalText(definition),
    );
  });
});

/** Runs generated code: TypeScript, so its types are taken off first. */
async function evaluate(code: string): Promise<FlowDefinition> {
  const door = pathToFileURL(join(root, 'dist', 'flows', 'public.js')).href;
  const { code: plain } = transformSync(code.replace("'skyloom/flows'", JSON.stringify(door)), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  });
  const folder = mkdtempSync(join(tmpdir(), 'skyloom-flow-'));
  try {
    const file = join(folder, 'flow.mjs');
    writeFileSync(file, plain);
    const { flow } = (await import(file)) as { flow: { definition: FlowDefinition } };
    return flow.definition;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
