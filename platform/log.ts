import { type Logger, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';

/**
 * Writes log lines to standard error, as standard output belongs to answers: for people when that is a
 * terminal, otherwise one JSON object each.
 */
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
    process.stderr.isTTY === true
      ? PinoPretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss', singleLine: true })
      : pino.destination({ dest: 2, sync: true }),
  );
}
