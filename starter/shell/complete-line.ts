import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What words can be completed with; asked anew each time, as the definition changes. */
export interface Vocabulary {
  readonly verbs: readonly string[];
  steps(): readonly string[];
  tasks(): readonly string[];
  optionsOf(verb: string): readonly string[];
}

/** What the last word of a line could become, and that word: as `node:readline` asks. */
export function completeLine(line: string, vocabulary: Vocabulary): [string[], string] {
  const words = line.split(/\s+/);
  const word = words.at(-1)!;
  const [verb] = words.filter((part) => part !== '');
  const all = words.length <= 1 ? vocabulary.verbs : candidates(verb!, word, words, vocabulary);
  const fitting = all.filter((name) => name.startsWith(word));
  // A folder goes on; all else is a word that is done.
  const ended = fitting.map((name) => (name.endsWith('/') ? name : `${name} `));
  return [ended, word];
}

function candidates(
  verb: string,
  word: string,
  words: readonly string[],
  vocabulary: Vocabulary,
): readonly string[] {
  if (word.startsWith('-')) return vocabulary.optionsOf(verb);
  const option = words.at(-2);
  if (option === '--after' || option === '--start' || option === '--group')
    return vocabulary.steps();
  if (option === '--bindings' || word.startsWith('@')) return files(word);
  if (verb === 'deserialize' || verb === 'serialize') return files(word);
  if (verb === 'help') return vocabulary.verbs;
  if (verb === 'add') return vocabulary.tasks();
  return ['show', 'remove', 'swap'].includes(verb) ? vocabulary.steps() : [];
}

function files(word: string): string[] {
  const mark = word.startsWith('@') ? '@' : '';
  const start = word.slice(mark.length);
  const folder = start.endsWith('/') ? start : dirname(start);
  const shown = start.includes('/') ? folder : '';
  try {
    return readdirSync(folder === '' ? '.' : folder, { withFileTypes: true }).map(
      (entry) => `${mark}${join(shown, entry.name)}${entry.isDirectory() ? '/' : ''}`,
    );
  } catch {
    // A folder that is not there completes nothing.
    return [];
  }
}
