import { isStoredList } from '../../contracts/stored-list.ts';
import { insideStored } from './stored-lists.ts';

/** A path taken apart: the first word names where to start, the rest are fields and places in lists. */
export interface Path {
  readonly root: string;
  readonly rest: readonly (string | number)[];
}

/**
 * Takes a path apart. The form of the text has been checked before.
 *
 * @example
 * parsePath('download.images[0].key'); // { root: 'download', rest: ['images', 0, 'key'] }
 */
export function parsePath(text: string): Path {
  const [root = '', ...rest] = text.match(/[^.[\]]+/g) ?? [];
  return { root, rest: rest.map((part) => (/^\d/.test(part) ? Number(part) : part)) };
}

/** The text of a path, as it stands in a reference. */
export function formatPath({ root, rest }: Path): string {
  return root + rest.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
}

/**
 * The value at the end of a path, or `undefined` where the path leads nowhere.
 *
 * @throws {StoredElsewhere} when it leads into a stored list that was not read yet.
 */
export function follow(start: unknown, rest: Path['rest']): unknown {
  let value = start;
  for (const [place, part] of rest.entries()) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (isStoredList(value)) return insideStored(value, rest.slice(place));
    // Own members only: a field named "constructor" is data like any other.
    if (!Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
