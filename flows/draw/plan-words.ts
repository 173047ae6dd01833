import type { FlowPlan } from '../plan/plan-flow.ts';
import type { Outlook, PlannedStep } from '../plan/planned-step.ts';
import { plain } from './plain-words.ts';

const WORDS: Readonly<Record<Outlook, string>> = {
  run: 'runs',
  reuse: 'reused',
  skip: 'skipped',
  fail: 'fails',
  unknown: 'not known',
};

/** Addresses that a row names; of more it says how many. */
const NAMED = 3;

/** A plan as rows: neighbors in a map of which the same is expected stand in one row, as `small[0-8].fit`. */
export function planRows({ steps }: FlowPlan): string[][] {
  const rows: { step: PlannedStep; first: number; last: number }[] = [];
  const open = new Map<string, (typeof rows)[number]>();
  for (const step of steps) {
    const index = indexIn(step.address);
    const key = `${pattern(step.address)} ${step.outlook} ${step.words} ${step.task ?? ''}`;
    const row = open.get(key);
    const isNext = row !== undefined && index === row.last + 1 && waitsAlike(step, row.step);
    if (isNext) row.last = index;
    else {
      const made = { step, first: index, last: index };
      rows.push(made);
      open.set(key, made);
    }
  }
  return rows.map(({ step, first, last }) => [
    WORDS[step.outlook],
    address(step.address, first, last),
    plain(step.task ?? step.kind),
    plain(step.words) + needsWords((step.needs ?? []).map((need) => ranged(need, first, last))),
  ]);
}

/** The whole in one line. */
export function planSummary({ flow, version, counts, failure }: FlowPlan): string {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([outlook, count]) => `${count} ${WORDS[outlook as Outlook]}`);
  const end = failure === undefined ? '' : `; the run would fail: ${plain(failure)}`;
  return `${flow} ${version}, if nothing fails: ${parts.join(', ') || 'nothing to do'}${end}`;
}

function indexIn(text: string): number {
  return Number(/\[(\d+)\]/.exec(text)?.[1] ?? -1);
}

function pattern(text: string): string {
  return text.replace(/\[\d+\]/, '[]');
}

function address(text: string, first: number, last: number): string {
  return first === last ? text : text.replace(/\[\d+\]/, `[${first}-${last}]`);
}

/** Neighbors that wait for neighbors of another map wait for a range of it. */
function ranged(need: string, first: number, last: number): string {
  return indexIn(need) === first ? address(need, first, last) : need;
}

/** What waits for its own item in the map before it waits as its neighbor does. */
function waitsAlike({ needs = [] }: PlannedStep, other: PlannedStep): boolean {
  return needs.length === (other.needs ?? []).length;
}

function needsWords(needs: readonly string[]): string {
  if (needs.length === 0) return '';
  const named = needs.slice(0, NAMED).join(', ');
  const more = needs.length > NAMED ? ` and ${needs.length - NAMED} more` : '';
  return `: after ${named}${more}`;
}
