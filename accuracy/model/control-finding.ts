import type { Finding, FindingCode } from '../../contracts/findings.ts';

/** Names that a sentence lists. */
const NAMED = 5;

/** A remark about surveyed points. */
export function controlFinding(
  code: FindingCode,
  severity: Finding['severity'],
  subject: string,
  message: string,
  values: Finding['values'] = {},
): Finding {
  return { code, severity, scope: 'control', subject, message, values };
}

/** The first few names, and how many more. */
export function namesWords(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
