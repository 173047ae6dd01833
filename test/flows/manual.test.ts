import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { createTaskRegistry } from '../../flow-tasks.ts';
import { loadFlow } from '../../flows/load/load-flow.ts';
import { drawText } from '../../flows/draw/text-drawing.ts';
import { readSettings, withTaskModules } from '../../platform/configuration.ts';

const root = new URL('../../../', import.meta.url).pathname;

it('the first flow of the manual may run, and is drawn as the manual shows it', async () => {
  const [definition = ''] = await blocks('json');
  const checked = loadFlow(definition, (await createTaskRegistry(readSettings())).catalogue());
  expect(checked.problems).toEqual([]);
  const manual = await readFile(join(root, 'docs', 'flows.md'), 'utf8');
  expect(manual).toContain(drawText(checked.definition!).trimEnd());
});

it('the task of the manual is found by a worker', async () => {
  const [module = ''] = await blocks('js');
  // Inside of the package, as the module asks for it by its name.
  const folder = await mkdtemp(join(root, 'dist', 'manual-'));
  try {
    const path = join(folder, 'my-tasks.mjs');
    await writeFile(path, module);
    const registry = await createTaskRegistry(withTaskModules(readSettings(), [path]));
    expect(registry.tasks.get('demo.shout@1')?.facts.timeout).toBe('1m');
  } finally {
    await rm(folder, { recursive: true });
  }
});

async function blocks(language: string): Promise<string[]> {
  const manual = await readFile(join(root, 'docs', 'flows.md'), 'utf8');
  const found = manual.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'));
  return [...found].map(([, content = '']) => content);
}
