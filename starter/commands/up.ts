import type { Settings } from '../../platform/configuration.ts';
import { startStack } from '../stack.ts';
import type { Terminal } from '../terminal.ts';
import { untilToldToStop } from './worker.ts';

export interface PortOptions {
  port?: number | undefined;
  uiPort?: number | undefined;
}

/** Starts the server and every kind of worker, and keeps them up until it is told to stop. */
export async function up(
  options: PortOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  // Before the first process is started: whoever stops this early leaves none behind.
  const told = untilToldToStop();
  const stack = await startStack({ settings, ...options, remark: (line) => terminal.remark(line) });
  const { address } = stack.access.connectionOptions;
  terminal.answer(
    { address, uiAddress: stack.uiAddress, home: settings.SKYLOOM_HOME, logs: stack.logFolder },
    [
      'skyloom is up.',
      `  Temporal  ${address}`,
      ...(stack.uiAddress === null ? [] : [`  Web UI    ${stack.uiAddress}`]),
      `  Results   ${settings.SKYLOOM_HOME}/runs`,
      `  Logs      ${stack.logFolder}`,
      'Start a run from another terminal: npx skyloom run navad <folder>. Stop with Ctrl-C.',
    ].join('\n'),
  );
  try {
    await Promise.race([told, stack.failure]);
  } finally {
    terminal.remark('Stopping');
    await stack.stop();
  }
}
