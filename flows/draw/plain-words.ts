import type { GraphNode } from '../model/graph.ts';

/** What a step does and when, as drawings say it below its name. */
export function wordsOf({ words, on, isConditional }: GraphNode): string {
  const when = on === 'success' ? '' : `, on ${on}`;
  return plain(`${words}${when}${isConditional ? ', if' : ''}`);
}

/** Text of a flow on one line: it can't move a cursor, color a terminal or turn the reading direction. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ');
}
