import type { Spread } from '../../contracts/accuracy.ts';

/**
 * A length for people, in the unit that suits it.
 *
 * @example
 * lengthWords(0.0512); // '5.1 cm'
 */
export function lengthWords(meters: number): string {
  if (meters < 0.01) return `${(meters * 1000).toFixed(1)} mm`;
  if (meters < 1) return `${(meters * 100).toFixed(1)} cm`;
  if (meters < 1000) return `${meters.toFixed(2)} m`;
  return `${(meters / 1000).toFixed(2)} km`;
}

/** The middle of a spread, and its ends when they differ visibly. */
export function spreadWords(spread: Spread, words: (value: number) => string): string {
  if (spread === null) return 'not known';
  const [least, middle, most] = [spread.minimum, spread.median, spread.maximum].map(words);
  return least === most ? middle! : `${middle} (${least} to ${most})`;
}

/**
 * The first few of a list, and how many more there are.
 *
 * @example
 * listWords(['a', 'b', 'c'], 2); // 'a, b and 1 more'
 */
export function listWords(items: readonly string[], most: number): string {
  const rest = items.length - most;
  const shown = items.slice(0, most).join(', ');
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
