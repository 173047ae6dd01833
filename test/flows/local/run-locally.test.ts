import { describe, expect, it } from '@jest/globals';
import { runLocally } from '../../../flows/local/run-locally.ts';
import { flow as diamond } from '../../../samples/flows/diamond/builder.ts';
import { flow as removeBackgrounds } from '../../../samples/flows/remove-backgrounds/builder.ts';
import { sampleTasks } from '../../../samples/flows/tasks.ts';

describe('runLocally()', () => {
  it('joins: each step runs once, after all before it', async () => {
    const result = await runLocally(diamond, { source: 'x' }, sampleTasks);
    expect(result.output).toBe('data of x_a and data of x_b');
    expect(result.states).toEqual({
      extract: 'done',
      transforms: 'done',
      'transforms.a': 'done',
      'transforms.b': 'done',
      load: 'done',
    });
  });

  it('maps, and runs items with equal keys once', async () => {
    const urls = ['http://a/1.jpg', 'http://b/1.jpg', 'http://c/2.jpg'];
    const result = await runLocally(removeBackgrounds, { urls }, sampleTasks);
    expect(result.state).toBe('done');
    expect(result.output).toMatchObject({
      images: [
        { image: { key: 'http://a/1.jpg?cutout' } },
        { image: { key: 'http://a/1.jpg?cutout' } },
        { image: { key: 'http://c/2.jpg?cutout' } },
      ],
      failed: 0,
    });
    expect(Object.keys(result.states).filter((at) => at.startsWith('cutouts['))).toEqual([
      'cutouts[0]',
      'cutouts[0].do',
      'cutouts[2]',
      'cutouts[2].do',
    ]);
  });

  it('refuses an input that does not fit', async () => {
    await expect(runLocally(diamond, {}, sampleTasks)).rejects.toThrow(
      'Cannot use the input as a field "source" is needed in it',
    );
  });

  it('refuses a step to start at that is not there', async () => {
    await expect(
      runLocally(diamond, { source: 'x' }, sampleTasks, { start: 'lod' }),
    ).rejects.toThrow('Cannot start at "lod" as the flow has no such step');
  });
});
