import { CommanderError } from 'commander';
import { type ExitCode, exitCodes, Stopped, WrongUsage } from './exit-codes.ts';

/** How a command ends that threw. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage;
  }
  if (error instanceof WrongUsage) return exitCodes.wrongUsage;
  return error instanceof Stopped ? exitCodes.stopped : exitCodes.failed;
}
