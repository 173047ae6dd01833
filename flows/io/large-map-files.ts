import { z } from 'zod';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { Binding, Json } from '../../contracts/flow-definition.ts';
import { isStoredList, type StoredList } from '../../contracts/stored-list.ts';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import { readAnswers } from './page-files.ts';
import { fetchLists, listsOwner, readItems, storeLists } from './stored-lists.ts';
import { evaluate } from '../model/binding.ts';
import type { ItemAnswer, MapAnswer, MapParts } from '../model/engine.ts';
import { NAMED_ITEMS } from '../model/map-end.ts';
import { withLocals } from '../model/map-items.ts';
import { joinAnswers, layOut, type MapLayout, type PageItem } from '../model/map-layout.ts';
import { endOfKnown, type MapPart, type MapPlan, type PartEnd } from '../model/map-parts.ts';
import { follow } from '../model/path.ts';

const layoutSchema = z.object({ count: z.number() }).loose();

/**
 * The files of maps that are too large for a workflow, which only ever sees a page of them.
 *
 * @param beat called between files, to say that the process lives.
 */
export function createLargeMapFiles(store: ArtifactStore, beat: () => void) {
  /** Divides the list of a map into pages; those that ran before are told with what they gave. */
  async function planMap(map: {
    runKey: string;
    list: readonly Json[] | StoredList;
    key?: Binding;
    outside: Readonly<Record<string, Json>>;
    batch: number;
    atOnce: number;
    known: MapParts;
  }): Promise<MapPlan> {
    const owner = listsOwner(map.runKey);
    const { list, key } = map;
    const items = isStoredList(list) ? await readItems(store, list) : list;
    const outside = (await fetchLists(store, map.outside)) as Record<string, Json>;
    const around = (root: string) => (Object.hasOwn(outside, root) ? outside[root] : undefined);
    const keyOf =
      key === undefined
        ? undefined
        : (item: Json, index: number) => evaluate(key, withLocals(around, { item, index }));
    const { layout, pages } = layOut(items, keyOf, map);
    const parts: MapPart[] = [];
    for (const page of pages) {
      beat();
      const ref = await store.addJson(owner, page);
      parts.push({
        page: ref,
        count: page.length,
        ...(await knownOf(page, map.known[ref.sha256], owner)),
      });
    }
    return { count: layout.count, layout: await store.addJson(owner, layout), parts };
  }

  async function knownOf(
    page: readonly PageItem[],
    known: ArtifactRef | undefined,
    owner: string,
  ): Promise<Pick<MapPart, 'known' | 'done'>> {
    if (known === undefined || !(await store.adopted(owner, known))) return {};
    const places = page.map(({ index }) => index);
    const done = endOfKnown(places, await readAnswers(store, known), known);
    return done === undefined ? { known } : { known, done };
  }

  /** Puts what the parts of a map gave in the order of its list. */
  async function joinMap(map: {
    runKey: string;
    layout: ArtifactRef;
    parts: readonly PartEnd[];
  }): Promise<Omit<MapAnswer, 'writes' | 'ending'>> {
    const answers = new Map<number, ItemAnswer>();
    for (const part of map.parts) {
      beat();
      for (const answer of await readAnswers(store, part.answers))
        answers.set(answer.index, answer);
    }
    const layout = (await store.readJson(map.layout, layoutSchema)) as MapLayout;
    const { count, items, failures, firstStep } = joinAnswers(layout, answers);
    return {
      count,
      ok: items.length,
      failed: failures.length,
      items: await storeLists(store, map.runKey, items),
      failures: await storeLists(store, map.runKey, failures as unknown as Json),
      named: failures.slice(0, NAMED_ITEMS),
      ...(firstStep === undefined ? {} : { firstStep }),
    };
  }

  /** The value at a place of a stored list; without a place, all of it. */
  async function readStored(place: {
    list: StoredList;
    rest: readonly (string | number)[];
  }): Promise<{ value?: Json }> {
    const value = follow(await readItems(store, place.list), place.rest);
    return value === undefined ? {} : { value: value as Json };
  }

  return { planMap, joinMap, readStored };
}

export type LargeMapFiles = ReturnType<typeof createLargeMapFiles>;
