import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, setUp } from './set-up.mjs';

// Writes the published schema of flow definitions from the one in contracts/.
await setUp({ quiet: true });
const { publishedSchema } = await import('../dist/flows/convert/published-schema.js');
const file = join(root, 'schema', 'flow.v1.schema.json');
await writeFile(file, `${JSON.stringify(publishedSchema(), null, 2)}\n`);
