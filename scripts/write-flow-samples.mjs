import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import { root, setUp } from './set-up.mjs';

// Writes each example's flow.json from its builder, so that both spellings say the same.
await setUp({ quiet: true });
const folder = join(root, 'samples', 'flows');
for (const entry of await readdir(folder, { withFileTypes: true })) {
  if (!entry.isDirectory()) continue;
  const { flow } = await import(`../dist/samples/flows/${entry.name}/builder.js`);
  const definition = { $schema: '../../../schema/flow.v1.schema.json', ...flow.definition };
  const text = await format(JSON.stringify(definition), { parser: 'json', printWidth: 100 });
  await writeFile(join(folder, entry.name, 'flow.json'), text);
}
