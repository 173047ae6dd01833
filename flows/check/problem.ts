import { nearestName } from '../../maths/nearest-name.ts';

/** Every way in which a definition can be wrong. A code is stable: programs may look for it. */
export const problemCodes = [
  'json-syntax',
  'json-duplicate-key',
  'json-too-deep',
  'bad-text',
  'bad-schema',
  'missing-field',
  'unknown-field',
  'wrong-value',
  'no-kind',
  'several-kinds',
  'unknown-task',
  'unknown-flow',
  'unknown-queue',
  'unknown-step',
  'unknown-path',
  'unknown-channel',
  'shadowed-step',
  'duplicate-branch',
  'unreachable-branch',
  'missing-input',
  'unknown-input',
  'wrong-type',
  'never-true',
  'cycle',
  'after-elsewhere',
  'unreachable-step',
  'ambiguous-output',
  'missing-or',
  'at-least-above-size',
  'critical-stranger',
  'undeclared-route',
  'missing-route',
  'route-elsewhere',
  'unordered-writers',
  'channel-type',
  'unlimited-map',
  'approve-in-map',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** One thing that is wrong, for people and for programs. */
export interface Problem {
  readonly code: ProblemCode;
  /** A warning does not keep a flow from running. */
  readonly severity: 'error' | 'warning';
  /** JSON Pointer of the place. */
  readonly pointer: string;
  readonly message: string;
  /** A name that is nearly right. */
  readonly suggestion?: string;
  /** Where the place stands in its text, when there is one. */
  readonly line?: number;
  readonly column?: number;
}

/** An error, with a suggestion when one of `known` is nearly what was found. */
export function problem(
  code: ProblemCode,
  pointer: string,
  message: string,
  nearly?: { found: string; known: Iterable<string> },
): Problem {
  const suggestion = nearly && nearestName(nearly.found, nearly.known);
  return {
    code,
    severity: code === 'unlimited-map' ? 'warning' : 'error',
    pointer,
    message,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** A problem as one line: place, code, sentence, suggestion. */
export function formatProblem(found: Problem): string {
  const place = found.line === undefined ? '' : `${found.line}:${found.column} `;
  const hint = found.suggestion === undefined ? '' : ` (did you mean "${found.suggestion}"?)`;
  return `${place}${found.severity} ${found.code} ${found.pointer || '/'}: ${found.message}${hint}`;
}
