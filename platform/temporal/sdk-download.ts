import { TestWorkflowEnvironment } from '@temporalio/testing';

// A process of its own: the SDK cannot be told to give up, and leaves a runtime behind that would
// keep this system's own from being installed. Its two arguments are what is wanted, and where to.
const [program, downloadDir] = process.argv.slice(2);
if (downloadDir === undefined) throw new Error('Cannot download: no folder was named');

const executable = { type: 'cached-download', downloadDir } as const;
try {
  const environment =
    program === 'temporal'
      ? await TestWorkflowEnvironment.createLocal({ server: { executable } })
      : await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  await environment.teardown();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
