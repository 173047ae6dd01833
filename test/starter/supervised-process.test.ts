import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SupervisedProcess } from '../../starter/supervised-process.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

describe('SupervisedProcess', () => {
  it('leads a group of its own, so that Ctrl-C in a terminal reaches its owner only', async () => {
    const supervised = await SupervisedProcess.start(
      {
        name: 'a process that waits',
        command: process.execPath,
        args: ['-e', 'process.send("ready"); setInterval(() => undefined, 1000)'],
        environment: process.env,
        logPath: join(await scratchFolder(), 'log'),
        graceMs: 5_000,
      },
      () => undefined,
    );
    const { pid } = supervised;
    // Only the id of a group may be named so.
    expect(process.kill(-pid!, 0)).toBe(true);
    await supervised.stop();
    expect(() => process.kill(pid!, 0)).toThrow('ESRCH');
  });
});
