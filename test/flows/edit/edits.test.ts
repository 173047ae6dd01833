import { describe, expect, it } from '@jest/globals';
import type { FlowDefinition, Steps } from '../../../contracts/flow-definition.ts';
import { addStep } from '../../../flows/edit/add-step.ts';
import { changeText } from '../../../flows/edit/change-text.ts';
import { sitesOf } from '../../../flows/edit/find-step.ts';
import { readableFlow } from '../../../flows/edit/readable-json.ts';
import { removeStep } from '../../../flows/edit/remove-step.ts';
import { swapSteps } from '../../../flows/edit/swap-steps.ts';
import { planOf } from '../../../flows/model/block-plan.ts';
import { loadFlow } from '../../../flows/load/load-flow.ts';
import { readSampleText, sampleCatalogue, sampleNames } from '../support/samples.ts';

describe('removeStep()', () => {
  it('lets those after it wait for those before it, and for no others', () => {
    const flow = flowOf({
      a: { task: 't@1' },
      b: { task: 't@1', after: ['a'] },
      c: { task: 't@1', after: ['b'] },
      d: { task: 't@1', after: ['a', 'b', 'c'] },
    });
    const { steps, notes } = edited(flow, removeStep(flow, 'b'));
    expect(steps).toEqual({
      a: { task: 't@1' },
      c: { task: 't@1', after: ['a'] },
      d: { task: 't@1', after: ['a', 'c'] },
    });
    expect(notes).toEqual(['"c" now runs after "a"']);
  });

  it('keeps what was ordered in order, for every step of a random graph that nothing reads', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const flow = flowOf(randomOrder(seed));
      const before = planOf(flow.steps);
      for (const gone of before.ids) {
        const after = planOf(edited(flow, removeStep(flow, gone)).steps);
        const differing = after.ids.flatMap((one) =>
          after.ids.filter((two) => after.isBefore(one, two) !== before.isBefore(one, two)),
        );
        expect(differing).toEqual([]);
      }
    }
  });

  it('puts what an "or" says where its result was read', () => {
    const flow = flowOf(
      { a: { task: 't@1' }, b: { task: 't@1', with: { list: { $from: 'a.items', or: [1] } } } },
      { x: { $from: 'a.x', or: { $from: 'a.y', or: { $from: 'b' } } } },
    );
    const { steps, definition, notes } = edited(flow, removeStep(flow, 'a'));
    expect(steps).toEqual({ b: { task: 't@1', with: { list: [1] } } });
    expect(definition.output).toEqual({ x: { $from: 'b' } });
    expect(notes[0]).toBe('"b" now takes what its "or" says');
  });

  it('names all who read its result, jump to it or count on it', () => {
    const flow = flowOf(
      {
        a: { task: 't@1' },
        b: { task: 't@1', with: { v: { $from: 'a' } }, routes: { repair: 'a' } },
        c: { task: 't@1', if: { exists: { $from: 'a' } } },
        g: {
          parallel: { m: { task: 't@1' }, n: { task: 't@1' } },
          policy: { critical: ['m'] },
        },
        m1: {
          map: { over: { $from: 'a', or: [] }, do: { steps: { s: { task: 't@1' } } } },
        },
      },
      { $from: 'a' },
    );
    expect(() => removeStep(flow, 'a')).toThrow(
      'Cannot remove step "a" as its result is read without "or" by "b", "c", "m1" and the output, and as "b" jumps to it by its route "repair"',
    );
    expect(() => removeStep(flow, 'g.m')).toThrow('the policy of its group names no other member');
    expect(edited(flow, removeStep(flow, 'g.n')).steps['g']).toEqual({
      parallel: { m: { task: 't@1' } },
      policy: { critical: ['m'] },
    });
    expect(() => removeStep(flow, 'g.k')).toThrow('did you mean "g.m"?');
  });

  it('finds steps in bodies, iterations and branches, and who beside them reads them', () => {
    const flow = flowOf({
      loop: {
        repeat: {
          max: 3,
          until: { eq: [{ $from: 'x' }, 1] },
          do: { steps: { x: { task: 't@1' } } },
        },
      },
      way: {
        choose: [{ name: 'only', do: { steps: { y: { task: 't@1' } }, output: { $from: 'y' } } }],
      },
    });
    expect([...sitesOf(flow).keys()]).toEqual(['loop', 'loop.x', 'way', 'way.only.y']);
    expect(() => removeStep(flow, 'loop.x')).toThrow('by "until" of "loop"');
    expect(() => removeStep(flow, 'way.only.y')).toThrow('by the output of "way.only"');
  });
});

describe('swapSteps()', () => {
  const chain = flowOf({
    a: { task: 't@1' },
    b: { task: 't@1', after: ['a'] },
    c: { task: 't@1', after: ['b'], with: { v: { $from: 'a' } } },
    d: { task: 't@1', after: ['c'] },
  });

  it('turns an order of neighbors round, and lets data be', () => {
    const { steps } = edited(chain, swapSteps(chain, 'b', 'c'));
    expect(planOf(steps).ids).toEqual(['a', 'c', 'b', 'd']);
    expect(steps['c']).toMatchObject({ after: ['a'], with: { v: { $from: 'a' } } });
    expect(steps['d']).toMatchObject({ after: ['b'] });
  });

  it('lets steps that are far apart change places, and back', () => {
    const once = edited(chain, swapSteps(chain, 'd', 'b'));
    expect(planOf(once.steps).ids).toEqual(['a', 'd', 'c', 'b']);
    const twice = edited(once.definition, swapSteps(once.definition, 'd', 'b'));
    expect(twice.steps).toEqual(chain.steps);
  });

  it('refuses to turn data round, and to change nothing', () => {
    expect(() => swapSteps(chain, 'a', 'c')).toThrow(
      'Cannot swap "a" and "c" as "c" reads "a": only an order that "after" states can be turned round',
    );
    expect(() => swapSteps(chain, 'a', 'a')).toThrow('with itself');
    const free = flowOf({ a: { task: 't@1' }, b: { task: 't@1' } });
    expect(() => swapSteps(free, 'a', 'b')).toThrow('no order between steps would change');
  });
});

describe('addStep()', () => {
  const flow = flowOf({ a: { task: 't@1' }, b: { task: 't@1', after: ['a'] } });

  it('puts a step last, unless it says what it waits for', () => {
    const step = { task: 't@1', with: { v: { $from: 'a' } } };
    expect(edited(flow, addStep(flow, { id: 'c', step })).steps['c']).toEqual({
      ...step,
      after: ['b'],
    });
    const early = addStep(flow, { id: 'c', step, after: [] });
    expect(edited(flow, early).steps['c']).toEqual(step);
  });

  it('makes groups and fills them, and takes no name twice', () => {
    const once = edited(flow, addStep(flow, { id: 'x', step: { task: 't@1' }, group: 'g' }));
    const { definition } = once;
    const twice = edited(
      definition,
      addStep(definition, { id: 'y', step: { task: 't@1' }, group: 'g' }),
    );
    expect(twice.steps['g']).toEqual({
      parallel: { x: { task: 't@1' }, y: { task: 't@1' } },
      after: ['b'],
    });
    expect(() => addStep(flow, { id: 'a', step: { task: 't@1' } })).toThrow('one of that name');
  });
});

describe('changeText()', () => {
  it('leaves all else as it was written', () => {
    const text = '{ "a": {"x":1,   "y": [1,2]},\n  "b": 2, "c": {\n\t"d": 1\n  } }\n';
    expect(changeText(text, [{ path: ['a', 'x'] }])).toBe(text.replace('"x":1,   ', ''));
    expect(changeText(text, [{ path: ['a', 'y'] }])).toBe(text.replace(',   "y": [1,2]', ''));
    expect(changeText(text, [{ path: ['a', 'z'], value: { n: [] } }])).toBe(
      text.replace('2]}', '2], "z": { "n": [] }}'),
    );
    expect(changeText(text, [{ path: ['c', 'e'], value: 'x' }])).toBe(
      text.replace('1\n  }', '1,\n\t"e": "x"\n  }'),
    );
    expect(changeText(text, [{ path: ['b'], value: [true] }])).toBe(
      text.replace('2, "c', '[true], "c'),
    );
  });

  it('gives what the change says, for every member of every example', () => {
    for (const name of sampleNames) {
      const text = readSampleText(name);
      const { definition } = loadFlow(text, sampleCatalogue);
      for (const [id, step] of Object.entries(definition!.steps)) {
        const { [id]: _, ...others } = definition!.steps;
        const without = changeText(text, [{ path: ['steps', id] }]);
        expect(JSON.parse(without)).toEqual({ ...definition, steps: others });
        const back = changeText(without, [{ path: ['steps', id], value: step }]);
        expect(JSON.parse(back)).toEqual(definition);
        expect(Math.max(...back.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
      }
    }
  });
});

describe('readableFlow()', () => {
  it('says the same, a step a line where it fits', () => {
    for (const name of sampleNames) {
      const definition = loadFlow(readSampleText(name), sampleCatalogue).definition!;
      const text = readableFlow(definition);
      expect(JSON.parse(text)).toEqual(definition);
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    }
    expect(readableFlow(flowOf({ a: { task: 't@1', after: [] } }))).toBe(
      [
        '{',
        '  "flow": "1",',
        '  "name": "edited",',
        '  "version": "1.0.0",',
        '  "steps": {',
        '    "a": { "task": "t@1", "after": [] }',
        '  }',
        '}',
        '',
      ].join('\n'),
    );
  });
});

function flowOf(steps: Steps, output?: FlowDefinition['output']): FlowDefinition {
  const head = { flow: '1', name: 'edited', version: '1.0.0' } as const;
  return { ...head, steps, ...(output === undefined ? {} : { output }) };
}

function edited(flow: FlowDefinition, { changes, notes }: ReturnType<typeof removeStep>) {
  const text = changeText(readableFlow(flow), changes);
  const definition = JSON.parse(text) as FlowDefinition;
  return { definition, steps: definition.steps, notes };
}

/** Seven steps, each after some of those before it. */
function randomOrder(seed: number): Steps {
  let state = seed;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const ids = Array.from('abcdefg');
  return Object.fromEntries(
    ids.map((id, place) => [
      id,
      { task: 't@1', after: ids.slice(0, place).filter(() => random() < 0.4) },
    ]),
  );
}
