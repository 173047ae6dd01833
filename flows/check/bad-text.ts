import { pointerTo } from '../load/json-text.ts';
import { problem, type Problem } from './problem.ts';

/** Text with half of a surrogate pair: it has no bytes in UTF-8, so the flow would have no digest. */
export function findBadText(value: unknown, pointer = ''): Problem[] {
  if (typeof value === 'string') return isWhole(value) ? [] : [badText(pointer)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const place = pointerTo(pointer, key);
    return [...(isWhole(key) ? [] : [badText(place)]), ...findBadText(part, place)];
  });
}

function badText(pointer: string): Problem {
  return problem('bad-text', pointer, 'Cannot write this text: it holds half of a surrogate pair');
}

function isWhole(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
