// Records the histories that the replay tests go over: `node scripts/record-histories.mjs <prefix> <workflow id…>`
// takes them from the server in use, one file each. Record a new one for every new path; keep the old.
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { root } from './set-up.mjs';

const [prefix, ...workflowIds] = process.argv.slice(2);
const { connectionOptions, namespace } = loadClientConnectConfig();
const connection = await Connection.connect(connectionOptions);
const client = new Client({ connection, namespace });
const folder = join(root, 'test', 'histories');
mkdirSync(folder, { recursive: true });
for (const workflowId of workflowIds) {
  const handle = client.workflow.getHandle(workflowId);
  const { type } = await handle.describe();
  const name = `${prefix}-${type.replace('Workflow', '').toLowerCase()}.json`;
  // Neither where it was recorded nor on which machine belongs to what is replayed.
  const history = historyToJSON(await handle.fetchHistory())
    .replaceAll(root, '')
    .replaceAll(hostname(), 'host');
  writeFileSync(join(folder, name), history);
  process.stdout.write(`${name}\n`);
}
await connection.close();
