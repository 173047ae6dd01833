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
  const suggestion = nearly && nearest(nearly.found, nearly.known);
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

/** The known name that a slip of the hand away, or nothing: a far guess would mislead. */
function nearest(found: string, known: Iterable<string>): string | undefined {
  const allowed = Math.max(1, Math.floor(found.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const name of known) {
    const distance = editDistance(found.toLowerCase(), name.toLowerCase());
    if (distance <= allowed && distance < (best?.distance ?? Infinity)) best = { name, distance };
  }
  return best?.name;
}

/** Letters to change, add, leave out, or swap with the next one. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwapped ? before[j - 2]! + 1 : Infinity;
      next.push(Math.min(change, swap, row[j]! + 1, next[j - 1]! + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
