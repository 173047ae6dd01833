import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pointerTo, readJsonText } from '../../../flows/load/json-text.ts';

describe('readJsonText()', () => {
  it('reads what JSON.parse reads, and says where each value stands', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.nat(3), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        const read = readJsonText(text);
        expect(read.problems).toEqual([]);
        expect(read.value).toEqual(JSON.parse(text));
        expect(read.positionOf('')).toEqual({ line: 1, column: 1 });
      }),
    );
  });

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...'{}[]",:01-.eE+a\\ tnu\n'.split(''))), (signs) => {
        const text = signs.join('');
        const read = readJsonText(text);
        const isRead = read.problems.every(({ code }) => code === 'json-duplicate-key');
        expect(isRead).toBe(isJson(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('names a key that is there twice, with its line and column', () => {
    const { problems } = readJsonText('{\n  "a": {"x": 1,\n    "x": 2}\n}');
    expect(problems).toEqual([
      {
        code: 'json-duplicate-key',
        pointer: '/a/x',
        message:
          'Cannot read "x" as it is there twice: JSON would keep the last one without a word',
        position: { line: 3, column: 5 },
      },
    ]);
  });

  it('says what was needed where the text stops being JSON', () => {
    const { value, problems } = readJsonText('{"a": [1, 2}');
    expect(value).toBeUndefined();
    expect(problems[0]).toMatchObject({
      message: 'Cannot read the text as JSON: "," or "]" is needed, found "}"',
      position: { line: 1, column: 12 },
    });
  });

  it('gives the position of the nearest ancestor for a value that is not there', () => {
    const read = readJsonText('{\n "a/b": {"c": 1}}');
    const position = read.positionOf(pointerTo(pointerTo('', 'a/b'), 'missing'));
    expect(position).toEqual({ line: 2, column: 9 });
  });

  it('refuses a text nested beyond reason instead of running out of stack', () => {
    const { problems } = readJsonText('['.repeat(100_000));
    expect(problems[0]?.code).toBe('json-too-deep');
  });

  it('keeps "__proto__" a key like any other', () => {
    const { value } = readJsonText('{"__proto__": {"polluted": true}}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect((value as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
