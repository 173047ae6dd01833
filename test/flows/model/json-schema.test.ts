import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { misfits, withDefaults } from '../../../flows/model/json-schema.ts';

describe('misfits()', () => {
  const shape = z.strictObject({
    name: z
      .string()
      .min(2)
      .max(4)
      .regex(/^[a-z]+$/),
    size: z.number().int().min(1).max(9),
    kind: z.enum(['a', 'b']).optional(),
    tags: z.array(z.union([z.string(), z.null()])).max(2),
  });
  const schema = z.toJSONSchema(shape);

  it('agrees with zod on the same schema', () => {
    const value = fc.record(
      {
        name: fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('ab', 'abc', 'A1')),
        size: fc.oneof(fc.integer({ min: -1, max: 11 }), fc.double()),
        kind: fc.constantFrom('a', 'b', 'c'),
        tags: fc.array(fc.oneof(fc.string(), fc.constant(null), fc.nat()), { maxLength: 3 }),
        more: fc.boolean(),
      },
      { requiredKeys: ['name', 'size'] },
    );
    fc.assert(
      fc.property(value, (given) => {
        const json: unknown = JSON.parse(JSON.stringify(given));
        expect(misfits(json, schema).length === 0).toBe(shape.safeParse(json).success);
      }),
      { numRuns: 500 },
    );
  });

  it('says where and what', () => {
    expect(misfits({ name: 'ab', size: 0, tags: [], x: 1 }, schema)).toEqual([
      { pointer: '/size', needed: '1 or more' },
      { pointer: '/x', needed: 'no field "x"' },
    ]);
  });

  it('follows references of a schema to itself', () => {
    const tree = {
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: { next: { $ref: '#/$defs/node' }, n: { type: 'number' } },
        },
      },
    };
    expect(misfits({ n: 1, next: { n: 'x' } }, tree)).toEqual([
      { pointer: '/next/n', needed: 'a number' },
    ]);
  });
});

describe('withDefaults()', () => {
  it('fills in what is left out, as deep as there are objects', () => {
    const schema = z.toJSONSchema(
      z.object({ a: z.number().default(1), b: z.object({ c: z.string().default('x') }) }),
      { io: 'input' },
    );
    expect(withDefaults({ b: {} }, schema as never)).toEqual({ a: 1, b: { c: 'x' } });
    expect(withDefaults({ a: 2, b: { c: 'y' } }, schema as never)).toEqual({ a: 2, b: { c: 'y' } });
  });
});
