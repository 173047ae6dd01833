import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Folders of the domains that have workflows. */
const DOMAINS = ['orchestrator', 'ingestion', 'accuracy', 'geolocalization', 'cleanup'];

// The bundler reports each run over many lines at the level INFO.
const logger = new DefaultLogger('WARN');

const payloadConverterPath = fileURLToPath(
  new URL('../dist/durable/payload-converter.js', import.meta.url),
);

await Promise.all(DOMAINS.map(bundleWorkflows));

/** From the compiler's output, so that a worker starts without a bundler. */
async function bundleWorkflows(domain) {
  const folder = new URL(`../dist/${domain}/`, import.meta.url);
  const workflowsPath = fileURLToPath(new URL('workflows.js', folder));
  if (!existsSync(workflowsPath)) return;
  const { code } = await bundleWorkflowCode({ workflowsPath, payloadConverterPath, logger });
  await writeFile(new URL('workflow-bundle.js', folder), code);
}
