import type { Finding, FindingCode } from '../../contracts/findings.ts';

/** What is wrong with a line of a text file, in a sentence that says where. */
export function lineFinding(
  code: FindingCode,
  file: string,
  line: number,
  reason: string,
  severity: Finding['severity'] = 'warning',
): Finding {
  // JSON has records, on whichever lines they are written.
  const part = /\.json$/i.test(file) ? 'record' : 'line';
  return {
    code,
    severity,
    scope: 'file',
    subject: file,
    message: `Cannot use ${part} ${line} of "${file}" as ${reason}; correct it, or take it out`,
    values: { [part]: line },
  };
}

/**
 * What is wrong with a text file as a whole.
 *
 * @param advice what to do about it.
 */
export function fileFinding(
  code: FindingCode,
  file: string,
  reason: string,
  advice = 'correct it, or take it away',
): Finding {
  return {
    code,
    severity: 'error',
    scope: 'file',
    subject: file,
    message: `Cannot use "${file}" as ${reason}; ${advice}`,
    values: {},
  };
}

/** Something about a text file that a person should know, and that leaves it in force. */
export function fileWarning(
  code: FindingCode,
  file: string,
  message: string,
  values: Finding['values'],
): Finding {
  return { code, severity: 'warning', scope: 'file', subject: file, message, values };
}

/**
 * Whether a name in a text file points outside the flight's own folder; such a row is never followed.
 *
 * @example
 * escapesFolder('../../etc/passwd'); // true
 */
export function escapesFolder(name: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:)/.test(name) || name.split(/[/\\]/).includes('..');
}
