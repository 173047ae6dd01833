import { addressOf, type StepNode } from './step-record.ts';

/** Failures that are told; of 10,000 alike the first ones say enough. */
const TOLD = 20;

/** A failure that a policy allowed for, with the address of the item or member that failed. */
export interface ToleratedFailure {
  readonly step: string;
  readonly message: string;
}

/** What failed in maps and groups of a run that went on all the same; the first ones of many. */
export function toleratedFailures(root: StepNode): ToleratedFailure[] {
  const found: ToleratedFailure[] = [];
  const visit = (node: StepNode, address: string) => {
    for (const [key, inner] of Object.entries(node.inner ?? {})) {
      const place = addressOf(address, key);
      const { state, value } = inner.record ?? {};
      if (state === 'done' || state === 'reused') found.push(...failuresIn(value, place));
      visit(inner, place);
    }
  };
  visit(root, '');
  return found.slice(0, TOLD);
}

function failuresIn(value: unknown, address: string): ToleratedFailure[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const { failures } = value as { failures?: unknown };
  if (Array.isArray(failures)) {
    return failures.flatMap((failure: { index?: number; error?: { message?: string } } | null) =>
      typeof failure?.error?.message === 'string'
        ? [{ step: `${address}[${failure.index}]`, message: failure.error.message }]
        : [],
    );
  }
  return Object.entries(value).flatMap(([member, outcome]) => {
    const { ok, error } = (outcome ?? {}) as { ok?: unknown; error?: { message?: unknown } };
    if (ok !== false || typeof error?.message !== 'string') return [];
    return [{ step: addressOf(address, member), message: error.message }];
  });
}
