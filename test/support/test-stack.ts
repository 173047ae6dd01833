import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { WorkerKind } from '../../contracts/task-queues.ts';
import { readSettings } from '../../platform/configuration.ts';
import { type Stack, startStack } from '../../starter/stack.ts';
import { beforeScratchIsRemoved, scratchFolder } from './scratch-folder.ts';

/** A whole skyloom on free ports and in a folder of its own: a real server, real worker processes. */
export interface TestStack {
  stack: Stack;
  client: Client;
  home: string;
  stop: () => Promise<void>;
}

export async function startTestStack(
  kinds?: readonly WorkerKind[],
  more: Record<string, string> = {},
): Promise<TestStack> {
  const home = join(await scratchFolder(), 'home');
  const settings = readSettings({ ...process.env, ...more, SKYLOOM_HOME: home });
  Object.assign(process.env, more);
  const stack = await startStack({
    settings,
    port: 0,
    uiPort: 0,
    ...(kinds === undefined ? {} : { kinds }),
    remark: () => undefined,
  });
  const connection = await Connection.connect(stack.access.connectionOptions);
  let stopping: Promise<void> | undefined;
  const stop = () =>
    (stopping ??= (async () => {
      await connection.close();
      await stack.stop();
      for (const name of Object.keys(more)) delete process.env[name];
    })());
  beforeScratchIsRemoved(stop);
  return { stack, client: new Client({ connection }), home, stop };
}
