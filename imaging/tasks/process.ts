import { execFile } from 'node:child_process';
import { z } from 'zod';
import { PermanentTaskFailure } from '../../flows/build/permanent-task-failure.ts';
import { defineTask } from '../../flows/build/task.ts';
import { allowedPrograms, type Settings } from '../../platform/configuration.ts';

/** Of what a program writes; the rest is cut off. */
const MAX_OUTPUT_CHARACTERS = 20_000;
const MAX_BUFFER_BYTES = 16e6;

/** The task that runs programs which the operator of the worker allows by name; there is never a shell. */
export function processTasks(settings: Settings) {
  const allowed = allowedPrograms(settings);
  return [
    defineTask({
      name: 'process.run@1',
      title: 'Runs a program that the operator allows',
      input: z.object({
        /** Its name on the list of the operator. */
        program: z.string().min(1),
        args: z.array(z.string().max(10_000)).max(200).default([]),
        timeoutSeconds: z.number().positive().max(86_400).default(600),
        /** Other exit codes than these fail the step. */
        exitCodes: z.array(z.number().int()).default([0]),
      }),
      output: z.object({ exitCode: z.number(), stdout: z.string(), stderr: z.string() }),
      queue: 'cpu',
      timeout: '24h',
      errors: ['ProgramNotAllowed', 'ProgramFailed'],
      run: async ({ program, args, timeoutSeconds, exitCodes }, { signal }) => {
        const path = allowed.get(program);
        if (path === undefined) {
          const known = [...allowed.keys()].join(', ') || 'none';
          throw new PermanentTaskFailure(
            'ProgramNotAllowed',
            `Cannot run "${program}" as this worker allows ${known}: add it to SKYLOOM_ALLOWED_PROGRAMS`,
          );
        }
        const end = await run(path, args, timeoutSeconds * 1000, signal);
        if (exitCodes.includes(end.exitCode)) return end;
        const words = end.stderr.trim().split('\n').at(-1) ?? '';
        throw new PermanentTaskFailure(
          'ProgramFailed',
          `Program "${program}" ended with exit code ${end.exitCode}: ${words.slice(0, 500)}`,
        );
      },
    }),
  ];
}

function run(
  path: string,
  args: string[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const limits = { timeout: timeoutMs, signal, maxBuffer: MAX_BUFFER_BYTES };
    // The environment of the worker holds secrets that are none of a program's business.
    const env = { PATH: process.env['PATH'] };
    execFile(path, args, { ...limits, env, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') {
        const cut = (text: string) => text.slice(0, MAX_OUTPUT_CHARACTERS);
        return resolve({ exitCode: code, stdout: cut(stdout), stderr: cut(stderr) });
      }
      if (error?.killed === true && !signal.aborted) {
        const words = `Program "${path}" took over ${timeoutMs / 1000} s`;
        return reject(new PermanentTaskFailure('ProgramFailed', words));
      }
      reject(error ?? new Error('The program gave no exit code'));
    });
  });
}
