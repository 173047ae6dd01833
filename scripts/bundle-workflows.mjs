import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Where the workflows of each domain are; those of one queue are in one bundle. */
const ENTRIES = {
  orchestrator: '../automation-workflows.js',
  ingestion: 'workflows.js',
  accuracy: 'workflows.js',
  geolocalization: 'workflows.js',
  cleanup: 'workflows.js',
};

// The bundler reports each run over many lines at the level INFO.
const logger = new DefaultLogger('WARN');

const payloadConverterPath = fileURLToPath(
  new URL('../dist/durable/payload-converter.js', import.meta.url),
);

await Promise.all(Object.entries(ENTRIES).map(bundleWorkflows));

/** From the compiler's output, so that a worker starts without a bundler. */
async function bundleWorkflows([domain, entry]) {
  const folder = new URL(`../dist/${domain}/`, import.meta.url);
  const workflowsPath = fileURLToPath(new URL(entry, folder));
  if (!existsSync(workflowsPath)) return;
  const { code } = await bundleWorkflowCode({ workflowsPath, payloadConverterPath, logger });
  await writeFile(new URL('workflow-bundle.js', folder), code);
}
