import type { Json } from '../../contracts/flow-definition.ts';
import type { StoredList } from '../../contracts/stored-list.ts';
import type { Engine } from './engine.ts';
import type { Path } from './path.ts';

type Place = Path['rest'];

/** A binding leads into a list that stands in a file: the value must be read first. */
export class StoredElsewhere extends Error {
  readonly list: StoredList;
  readonly rest: Place;

  constructor(list: StoredList, rest: Place) {
    super('Cannot read inside a list that stands in a file before it was fetched');
    this.list = list;
    this.rest = rest;
  }
}

/** What was read of the stored lists of this run; `undefined` is absent. */
const readBefore = new WeakMap<StoredList, Map<string, Json | undefined>>();

/**
 * The value at a place inside a stored list; without a place, the whole list.
 *
 * @throws {StoredElsewhere} when it was not read yet.
 */
export function insideStored(list: StoredList, rest: Place): Json | undefined {
  const key = JSON.stringify(rest);
  const found = readBefore.get(list);
  if (found === undefined || !found.has(key)) throw new StoredElsewhere(list, rest);
  return found.get(key);
}

/** Has the engine read what a binding needed. */
export async function readStored(engine: Engine, { list, rest }: StoredElsewhere): Promise<void> {
  if (engine.readStored === undefined) {
    throw new RangeError('Cannot read a list that stands in a file: this run has no files');
  }
  const { value } = await engine.readStored(list, rest);
  const known = readBefore.get(list) ?? new Map<string, Json | undefined>();
  readBefore.set(list, known.set(JSON.stringify(rest), value));
}

/** Evaluates what may lead into stored lists; `work` is done again after each that was read. */
export function withStored<Result>(engine: Engine, work: () => Result): Result | Promise<Result> {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof StoredElsewhere)) throw error;
    return readStored(engine, error).then(() => withStored(engine, work));
  }
}
