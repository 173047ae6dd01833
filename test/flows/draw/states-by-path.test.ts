import { describe, expect, it } from '@jest/globals';
import { listFlow } from '../../../flows/draw/listing.ts';
import { countStates, statesByPath } from '../../../flows/draw/states-by-path.ts';
import { readSample } from '../support/samples.ts';

describe('countStates()', () => {
  it('counts the items of a map, and of attempts and iterations only the last', () => {
    const counts = countStates({
      small: 'running',
      'small[0]': 'done',
      'small[0].fit': 'done',
      'small[1].fit': 'failed',
      'small[1].fit#2': 'done',
      'small[2].fit#2': 'running',
      'small[2].fit': 'done',
      'loop(1).again': 'done',
      'loop(2).again': 'running',
      'spawning(+1)': 'done',
    });
    expect(counts).toEqual({
      small: { running: 1 },
      'small.fit': { done: 2, running: 1 },
      'loop.again': { running: 1 },
    });
  });

  it('shows a place as what asks for attention first', () => {
    expect(statesByPath({ 'a[0].b': 'done', 'a[1].b': 'failed', 'a[2].b': 'running' })).toEqual({
      'a.b': 'failed',
    });
  });
});

describe('listFlow()', () => {
  const { definition } = readSample('diamond');

  it('lists steps, edges, groups and levels', () => {
    const [steps, edges, groups, levels] = listFlow(definition!);
    expect(steps!.rows).toContainEqual(['transforms.a', 'task', 'demo.transform@1', '']);
    expect(edges!.rows.slice(1)).toEqual([
      ['extract', 'transforms', 'data'],
      ['transforms', 'load', 'data'],
    ]);
    expect(groups!.rows.slice(1)).toEqual([['transforms', 'a, b']]);
    expect(levels!.rows.slice(1)).toEqual([
      ['0', 'extract'],
      ['1', 'transforms'],
      ['2', 'load'],
    ]);
  });

  it('shows where a run is', () => {
    const [steps] = listFlow(definition!, { extract: 'done', transforms: 'running' });
    expect(steps!.rows.map(([state]) => state)).toEqual([
      'STATE',
      'done',
      'running',
      'waiting',
      'waiting',
      'waiting',
    ]);
  });
});
