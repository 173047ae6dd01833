import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a command said and how it ended. */
export interface CommandEnd {
  code: number | null;
  output: string;
  errors: string;
}

export interface CommandOptions {
  environment?: NodeJS.ProcessEnv;
  input?: string;
  /** Ends the command as soon as its output or its errors match. */
  until?: RegExp;
}

const COMMAND_LIMIT_MS = 60_000;

/** Runs the command line as a user does, as a process of its own. */
export function runCommand(
  args: readonly string[],
  { environment = {}, input = '', until }: CommandOptions = {},
): Promise<CommandEnd> {
  const main = fileURLToPath(new URL('../../starter/main.js', import.meta.url));
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, ...environment },
    timeout: COMMAND_LIMIT_MS,
  });
  const end: CommandEnd = { code: null, output: '', errors: '' };
  let isTold = false;
  const stopWhenSaid = () => {
    if (isTold || until?.test(`${end.output}${end.errors}`) !== true) return;
    isTold = true;
    child.kill('SIGTERM');
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    end.output += text;
    stopWhenSaid();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    end.errors += text;
    stopWhenSaid();
  });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...end, code }));
  });
}
