import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, setUp } from './set-up.mjs';

// Writes the published schema of report.json from the one in contracts/.
await setUp({ quiet: true });
const { publishedReportSchema } =
  await import('../dist/orchestrator/model/report/published-schema.js');
const file = join(root, 'schema', 'flight-report.v1.schema.json');
await writeFile(file, `${JSON.stringify(publishedReportSchema(), null, 2)}\n`);
