import { execFile } from 'node:child_process';

/** What an ended process left behind: its output, or the reason why it is of no use. */
export type ProgramEnd = { isSuccess: true; output: string } | { isSuccess: false; reason: string };

/**
 * Runs a program to its end and never throws: a program that is missing, fails or takes longer than
 * `timeoutMs` gives a reason, in one line.
 */
export function runProgram(
  path: string,
  args: readonly string[],
  { timeoutMs, env }: { timeoutMs: number; env: NodeJS.ProcessEnv },
): Promise<ProgramEnd> {
  return new Promise((settle) => {
    execFile(path, args, { timeout: timeoutMs, env, killSignal: 'SIGKILL' }, (error, out, err) => {
      if (error === null) return settle({ isSuccess: true, output: out });
      if (error.killed) return settle({ isSuccess: false, reason: `took over ${timeoutMs} ms` });
      if (error.code === 'ENOENT') return settle({ isSuccess: false, reason: 'not found' });
      settle({ isSuccess: false, reason: reasonIn(err) ?? error.message.split('\n', 1)[0]! });
    });
  });
}

/** Tools say most in the line that names an error; where there is none, in their last. */
function reasonIn(errorOutput: string): string | undefined {
  const lines = errorOutput
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.find((line) => /error/i.test(line)) ?? lines.at(-1);
}
