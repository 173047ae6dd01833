import { describe, expect, it } from '@jest/globals';
import { loadFlow } from '../../../flows/load/load-flow.ts';
import { readSampleText, sampleCatalogue, sampleNames } from '../support/samples.ts';

/** Parts in which any name is as good as another. */
const FREE =
  /^\/(input|labels|\$schema|title|description|version)(\/|$)|\/(title|description|note|schema|form)(\/|$)|^\/output\/.*\/or$/;

describe.each(sampleNames)('%s, broken in one place', (name) => {
  const whole: unknown = JSON.parse(readSampleText(name));
  const mutants = mutantsOf(whole).filter(({ pointer }) => !FREE.test(pointer));

  it('is whole as it stands', () => {
    expect(check(whole)).toBe(true);
  });

  it.each(mutants.map(({ what, pointer, value }) => [`${what} ${pointer}`, value] as const))(
    'is refused: %s',
    (_, value) => {
      expect(check(value)).toBe(false);
    },
  );
});

function check(value: unknown): boolean {
  return loadFlow(JSON.stringify(value), sampleCatalogue).definition !== undefined;
}

interface Mutant {
  readonly what: string;
  readonly pointer: string;
  readonly value: unknown;
}

/** Every key misspelled, every name and path misspelled, every leaf of another type. */
function mutantsOf(whole: unknown): Mutant[] {
  const mutants: Mutant[] = [];
  visit(whole, '', (replacement) => replacement);
  return mutants;

  function visit(part: unknown, pointer: string, rebuild: (replacement: unknown) => unknown): void {
    const add = (what: string, replacement: unknown) =>
      mutants.push({ what, pointer, value: rebuild(replacement) });
    if (typeof part === 'string' || typeof part === 'number')
      add('another type at', { no: 'such' });
    if (/\/(\$from|task|after\/\d+)$/.test(pointer)) add('a name misspelled at', misspelled(part));
    if (Array.isArray(part)) {
      part.forEach((item, at) =>
        visit(item, `${pointer}/${at}`, (value) => rebuild(part.with(at, value))),
      );
    } else if (typeof part === 'object' && part !== null) {
      for (const [key, member] of Object.entries(part)) {
        const place = `${pointer}/${key}`;
        visit(member, place, (value) => rebuild({ ...part, [key]: value }));
        const { [key]: _, ...others } = part as Record<string, unknown>;
        // A step or a field of the output may have any name, if nothing reads it.
        if (/\/(steps|parallel|channels|search|output)$/.test(pointer)) continue;
        mutants.push({
          what: 'a key misspelled at',
          pointer: place,
          value: rebuild({ ...others, [`${key}zz`]: member }),
        });
      }
    }
  }
}

function misspelled(name: unknown): string {
  return String(name).replace(/^\w+/, (word) => `${word}Zz`);
}
