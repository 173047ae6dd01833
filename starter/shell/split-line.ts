import { WrongUsage } from '../exit-codes.ts';

/**
 * The words of a line, quoted as in a POSIX shell: nothing has a meaning inside of single quotes; inside
 * of double quotes, and outside, a backslash takes the meaning from the next sign. `#` starts a remark.
 *
 * @throws {WrongUsage} for a quote that is not closed.
 *
 * @example
 * splitLine(`execute --input '{"n": 1}'`); // ['execute', '--input', '{"n": 1}']
 */
export function splitLine(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const sign = line[at]!;
    const next = line[at + 1];
    const isEscape =
      sign === '\\' &&
      next !== undefined &&
      (quote === '' || (quote === '"' && /["\\]/.test(next)));
    if (isEscape) {
      word = (word ?? '') + next;
      at++;
    } else if (quote !== '') {
      if (sign === quote) quote = '';
      else word += sign;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      word ??= '';
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (sign === '#' && word === undefined) {
      break;
    } else {
      word = (word ?? '') + sign;
    }
  }
  if (quote !== '') throw new WrongUsage(`Cannot read the line as its ${quote} is not closed`);
  return word === undefined ? words : [...words, word];
}
