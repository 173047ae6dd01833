import type { ArtifactRef } from './artifacts.ts';

/**
 * A list of a flow that is too long to travel: its items are a JSON array in a file of the artifact
 * store. To a flow it is a list like any other.
 */
export type StoredList = { readonly $stored: ArtifactRef; readonly count: number };

/** The field that marks a stored list; no input, definition or value of a task may have one of its own. */
export const STORED_MARK = '$stored';

export function isStoredList(value: unknown): value is StoredList {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, STORED_MARK);
}

/** Whether a value holds the mark of a stored list, at any depth. */
export function holdsStoredMark(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, STORED_MARK) || Object.values(value).some(holdsStoredMark);
}
