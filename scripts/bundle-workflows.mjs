// Bundles the workflow code of each domain once, so that a worker starts in a second and every worker of
// a build runs the same code.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { root } from './set-up.mjs';

const domains = ['orchestrator', 'ingestion', 'accuracy', 'geolocalization', 'cleanup'];

await Promise.all(
  domains.map(async (domain) => {
    const workflowsPath = join(root, 'dist', domain, 'workflows.js');
    if (!existsSync(workflowsPath)) throw new Error(`Cannot bundle "${domain}": ${workflowsPath} is missing`);
    const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
    await writeFile(join(root, 'dist', domain, 'workflow-bundle.js'), code);
  }),
);
