/** Names that differ in more places are not meant. */
const MOST_EDITS = 2;

/**
 * The known name that a mistyped one most likely stands for, or null.
 *
 * Counts edits as Levenshtein does: insertions, deletions and replacements of one character.
 *
 * @example
 * nearestName('procesor', ['processor', 'cleanup']); // 'processor'
 */
export function nearestName(typed: string, known: readonly string[]): string | null {
  const ranked = known
    .map((name) => ({ name, edits: editDistance(typed, name) }))
    .sort((one, other) => one.edits - other.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= MOST_EDITS ? best.name : null;
}

function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[to.length]!;
}
