import { z } from 'zod';
import { referencesIn } from '../../contracts/artifact-references.ts';
import { type ArtifactRef, artifactRefSchema } from '../../contracts/artifacts.ts';
import { InvalidInput } from '../../contracts/failures.ts';
import type { Json } from '../../contracts/flow-definition.ts';
import { isStoredList, STORED_MARK, type StoredList } from '../../contracts/stored-list.ts';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import { isNotFound } from '../../platform/atomic-file.ts';

/** Characters of JSON from which on a list no longer travels: it would stand in every history that it passes. */
const TRAVEL_LIMIT_CHARACTERS = 64_000;

const listSchema = z.array(z.unknown());
const storedSchema = z.object({ $stored: artifactRefSchema, count: z.int().nonnegative() });

/**
 * Owner of the lists of a run. They are not the run's own files: a task that clears those away while
 * the run goes on must not take the lists from under it.
 */
export function listsOwner(runKey: string): string {
  return `lists-of-${runKey}`;
}

/**
 * The items of a stored list.
 *
 * @throws {InvalidInput} when it names no list of this store.
 */
export async function readItems(store: ArtifactStore, list: StoredList): Promise<readonly Json[]> {
  const parsed = storedSchema.safeParse(list);
  if (!parsed.success) {
    throw new InvalidInput(
      `Cannot read a list as "${STORED_MARK}" has to name a file with a count beside it: found ${JSON.stringify(list).slice(0, 80)}`,
    );
  }
  const { $stored } = parsed.data;
  try {
    return (await store.readJson($stored, listSchema)) as readonly Json[];
  } catch (error) {
    const isNone = isNotFound(error) || error instanceof SyntaxError || error instanceof z.ZodError;
    if (!isNone) throw error;
    throw new InvalidInput(`Cannot read list ${$stored.sha256}: no list of that name is stored`);
  }
}

/** A value with every stored list in it fetched. */
export async function fetchLists(store: ArtifactStore, value: Json): Promise<Json> {
  if (typeof value !== 'object' || value === null) return value;
  if (isStoredList(value)) return readItems(store, value);
  if (Array.isArray(value)) {
    return Promise.all((value as readonly Json[]).map((item) => fetchLists(store, item)));
  }
  const members = await Promise.all(
    Object.entries(value).map(async ([key, member]) => [key, await fetchLists(store, member)]),
  );
  return Object.fromEntries(members) as Json;
}

/** A value whose long lists stand in files that `listsOwner` of the run owns. */
export async function storeLists(store: ArtifactStore, runKey: string, value: Json): Promise<Json> {
  if (JSON.stringify(value).length <= TRAVEL_LIMIT_CHARACTERS) return value;
  if (Array.isArray(value)) return storeList(store, runKey, value as readonly Json[]);
  if (typeof value !== 'object' || value === null || isStoredList(value)) return value;
  const members = await Promise.all(
    Object.entries(value).map(async ([key, member]) => [
      key,
      await storeLists(store, runKey, member),
    ]),
  );
  return Object.fromEntries(members) as Json;
}

async function storeList(
  store: ArtifactStore,
  runKey: string,
  items: readonly Json[],
): Promise<StoredList> {
  return { $stored: await store.addJson(listsOwner(runKey), items), count: items.length };
}

/** Files of all stored lists in a value, and of the parts of large maps in a snapshot. */
export function storedIn(value: unknown): ArtifactRef[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isStoredList(value)) return [value.$stored];
  return Object.entries(value).flatMap(([key, member]) =>
    key === 'parts' ? referencesIn(member) : storedIn(member),
  );
}

/** Hands the lists that a result needs over to its run, and lets go of all others. */
export async function keepLists(
  store: ArtifactStore,
  runKey: string,
  lists: readonly ArtifactRef[],
): Promise<void> {
  for (const list of lists) await store.adopted(runKey, list);
  const owner = listsOwner(runKey);
  await store.owners.releaseAllBut(owner, new Set());
  await store.owners.forget(owner);
}
