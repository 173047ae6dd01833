/** Longest job id that is made up; a client may give a longer one. */
const MAX_LENGTH = 100;

/**
 * The name of a job that was given none: the last part of its path, without extension.
 *
 * @example
 * jobIdOf('/data/2026/flight-7/'); // 'flight-7'
 */
export function jobIdOf(location: string): string {
  const path = location.replace(/[?#].*$/, '').replace(/[\\/]+$/, '');
  const last = path.split(/[\\/]/).at(-1) ?? '';
  return (last.replace(/\.[A-Za-z0-9]{1,5}$/, '') || last || 'job').slice(0, MAX_LENGTH);
}
