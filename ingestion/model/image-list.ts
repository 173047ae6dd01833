/**
 * The entries of a list file: one path or address a line. Blank lines and lines that start with `#` are
 * passed over; a byte order mark and CRLF do no harm.
 *
 * @example
 * namesInList('# flight 7\nA.JPG\r\n\nB.JPG'); // ['A.JPG', 'B.JPG']
 */
export function namesInList(content: string): string[] {
  return content
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Two addresses may end alike: the later ones are told apart by a number. */
export function withUniqueNames<Source extends { name: string }>(sources: Source[]): Source[] {
  const timesSeen = new Map<string, number>();
  return sources.map((source) => {
    const times = (timesSeen.get(source.name) ?? 0) + 1;
    timesSeen.set(source.name, times);
    return times === 1 ? source : { ...source, name: `${source.name}#${times}` };
  });
}
