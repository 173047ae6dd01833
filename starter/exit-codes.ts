/** How the process ends, so that a script can tell what happened. */
export const exitCodes = {
  done: 0,
  failed: 1,
  wrongUsage: 2,
  verdictNegative: 3,
  stopped: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The command was not understood, or asks for what cannot be: exit code 2. */
export class WrongUsage extends Error {}

/** A person or another program stopped it: exit code 4. */
export class Stopped extends Error {}
