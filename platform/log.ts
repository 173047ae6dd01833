import { type Logger, pino } from 'pino';

/** Writes log lines to standard error, one JSON object each: standard output belongs to answers. */
export function createLog(level: string, bindings: Record<string, string> = {}): Logger {
  return pino(
    {
      level,
      base: bindings,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // A task token opens the activity to whoever holds it.
      redact: { paths: ['taskToken', '*.taskToken'], remove: true },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
