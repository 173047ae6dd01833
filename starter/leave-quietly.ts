import { exitCodes } from './exit-codes.ts';

/**
 * Lets Ctrl-C end a command that only looks on, with a word on what goes on without it.
 *
 * @param words are written to standard error.
 */
export function leaveQuietly(words: string): void {
  const leave = () => {
    process.stderr.write(`${words}\n`);
    process.exit(exitCodes.stopped);
  };
  process.once('SIGINT', leave).once('SIGTERM', leave);
}
