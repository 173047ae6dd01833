import type { Json } from '../../contracts/flow-definition.ts';
import type { ItemFailure } from '../../contracts/flow-results.ts';
import { canonicalJson } from '../../maths/canonical-json.ts';
import type { ItemAnswer } from './engine.ts';

/** Characters of items that one part of a large map may get, as JSON: they stand in its history. */
const MAX_PAGE_CHARACTERS = 256_000;
/** Parts of a large map when the list allows for larger ones: each costs its parent about nine events. */
const MAX_PARTS = 100;

/** An item that a part of a map runs. */
export interface PageItem {
  /** Place in the list; of items with one key, that of the first. */
  readonly index: number;
  readonly item: Json;
  /** Items of the list that share its key, and so its outcome. */
  readonly weight: number;
}

/** What the items of a list have in common, without the items. */
export interface MapLayout {
  readonly count: number;
  /** For each item the place of the first one with its key; absent when no two are alike. */
  readonly first?: readonly number[];
  /** Key of each item, in a list of one, or an empty list for an item without. */
  readonly keys?: readonly (readonly Json[])[];
}

/** For each item the place of the first one with its key. An item without a key is like no other. */
export function firstPlaces(keys: readonly (Json | undefined)[]): number[] {
  const places = new Map<string, number>();
  return keys.map((key, index) => {
    if (key === undefined) return index;
    const text = canonicalJson(key);
    if (!places.has(text)) places.set(text, index);
    return places.get(text)!;
  });
}

/**
 * Divides a list into pages for the parts of a map.
 *
 * @param keyOf absent when the map has no key: every item runs then.
 * @param batch items of a page, as the flow asks; more when the list would take too many parts.
 * @param atOnce pages that are worked on side by side: each time as many, so that none is left alone.
 */
export function layOut(
  list: readonly Json[],
  keyOf: ((item: Json, index: number) => Json | undefined) | undefined,
  { batch, atOnce }: { batch: number; atOnce: number },
): { layout: MapLayout; pages: PageItem[][] } {
  const keys = keyOf === undefined ? undefined : list.map(keyOf);
  const first = keys === undefined ? undefined : firstPlaces(keys);
  const weights = new Map<number, number>();
  for (const place of first ?? list.keys()) weights.set(place, (weights.get(place) ?? 0) + 1);
  const items = [...weights].map(([index, weight]) => ({ index, item: list[index]!, weight }));
  return {
    layout: {
      count: list.length,
      ...(first === undefined ? {} : { first }),
      ...(keys === undefined ? {} : { keys: keys.map((key) => (key === undefined ? [] : [key])) }),
    },
    pages: toPages(items, evenSize(items.length, batch, atOnce)),
  };
}

function evenSize(items: number, batch: number, atOnce: number): number {
  const pages = Math.ceil(items / Math.max(batch, Math.ceil(items / MAX_PARTS)));
  const abreast = Math.min(atOnce, pages);
  const rounds = Math.ceil(pages / Math.max(1, abreast));
  return Math.max(1, Math.ceil(items / Math.max(1, rounds * abreast)));
}

function toPages(items: readonly PageItem[], size: number): PageItem[][] {
  const pages: PageItem[][] = [];
  let characters = 0;
  for (const item of items) {
    const length = JSON.stringify(item).length;
    const page = pages.at(-1);
    if (page === undefined || page.length >= size || characters + length > MAX_PAGE_CHARACTERS) {
      pages.push([item]);
      characters = length;
    } else {
      page.push(item);
      characters += length;
    }
  }
  return pages;
}

/** What the parts of a map come to, in the order of its list. */
export interface JoinedMap {
  readonly count: number;
  readonly items: Json[];
  readonly failures: ItemFailure[];
  /** Address of the innermost step of the first failure, where it has one. */
  readonly firstStep?: string;
}

/** Puts the answers of all parts in the order of the list; an item without an answer was never started. */
export function joinAnswers(
  { count, first, keys }: MapLayout,
  answers: ReadonlyMap<number, ItemAnswer>,
): JoinedMap {
  const items: Json[] = [];
  const failures: ItemFailure[] = [];
  let firstStep: string | undefined;
  for (let index = 0; index < count; index++) {
    const answer = answers.get(first?.[index] ?? index);
    const failure = failureOf(answer);
    if (failure === undefined) {
      if (answer?.value !== undefined) items.push(answer.value);
      continue;
    }
    if (failures.length === 0) firstStep = failure.step;
    const { type, message } = failure;
    const [key] = keys?.[index] ?? [];
    failures.push({ index, ...(key === undefined ? {} : { key }), error: { type, message } });
  }
  return { count, items, failures, ...(firstStep === undefined ? {} : { firstStep }) };
}

function failureOf(answer: ItemAnswer | undefined): ItemAnswer['failure'] {
  if (answer !== undefined) return answer.failure;
  return { type: 'Cancelled', message: 'Cannot start: the map had failed' };
}
