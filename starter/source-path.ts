import { resolve } from 'node:path';

/** Whether a source is an address of some kind, and no path. */
export function isSourceAddress(source: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(source);
}

/** The whole path of a source, as workers run in another folder; an address is taken as it is. */
export function wholeSource(source: string): string {
  return isSourceAddress(source) ? source : resolve(source);
}
