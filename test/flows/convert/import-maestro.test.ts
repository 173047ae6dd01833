import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importMaestro } from '../../../flows/convert/import-maestro.ts';
import type { TaskBindings } from '../../../flows/convert/maestro-registry.ts';
import { root } from '../support/samples.ts';

const example: unknown = JSON.parse(
  readFileSync(join(root, 'test', 'flows', 'convert', 'maestro.image-jobs.json'), 'utf8'),
);
const bindings: TaskBindings = {
  'common.download_images': { task: 'image.download@1', args: ['urls'], result: 'images' },
  'common.remove_background_many': { task: 'image.cutouts@1', args: ['images'] },
  'cleanup.py': { task: 'store.cleanup@1' },
};
const named = { name: 'image-jobs' };

describe('importMaestro()', () => {
  it('gives the flow of the published example', () => {
    const { definition, notes } = importMaestro(example, bindings, named);
    expect(definition).toEqual({
      flow: '1',
      name: 'image-jobs',
      version: '1.0.0',
      steps: {
        download_images: {
          task: 'image.download@1',
          with: {
            urls: ['https://images.example/photo-1.jpg', 'https://images.example/photo-2.jpg'],
          },
        },
        remove_background_many: {
          task: 'image.cutouts@1',
          with: { images: { $from: 'download_images.images' } },
        },
        cleanup_py: {
          task: 'store.cleanup@1',
          title: 'cleanup.py',
          after: ['remove_background_many'],
        },
      },
    });
    expect(notes).toEqual([
      '"cleanup.py" is no id: its step is "cleanup_py", and keeps the name as its title',
    ]);
  });

  it('prints the entries to fill in when it is not told which tasks to use', () => {
    expect(() => importMaestro(example, {}, named)).toThrow(/"common.download_images": \{\n/);
  });

  it('keeps only the order of data when asked', () => {
    const { definition } = importMaestro(example, bindings, { ...named, isByData: true });
    expect(definition.steps['cleanup_py']!.after).toBeUndefined();
  });

  it('makes one group of the jobs with its name, at the place of the first', () => {
    const { definition } = importMaestro(
      registry(
        job('start'),
        job('left', { parallel_group: 'g', args: [dependsOn('start')] }),
        job('right', { parallel_group: 'g', args: [dependsOn('left')] }),
        job('end', { args: [[dependsOn('left'), { deep: dependsOn('right') }]] }),
      ),
      { 'm.f': { task: 't@1', args: ['value'] } },
      named,
    );
    expect(definition.steps).toEqual({
      start: { task: 't@1' },
      g: {
        parallel: {
          left: { task: 't@1', with: { value: { $from: 'start' } } },
          right: { task: 't@1', with: { value: { $from: 'left' } } },
        },
      },
      end: {
        task: 't@1',
        with: { value: [{ $from: 'g.left' }, { deep: { $from: 'g.right' } }] },
      },
    });
  });

  it.each([
    ['an unknown job', registry(job('a', { args: [dependsOn('zz')] })), 'no such job'],
    [
      'a cycle',
      registry(job('a', { args: [dependsOn('b')] }), job('b', { args: [dependsOn('a')] })),
      'each of them waits for another',
    ],
    [
      'a resource',
      registry(job('a', { args: [{ type: 'Resource', generator_fn: 'm.g' }] })),
      '"on": "always"',
    ],
    ['two jobs of one name', registry(job('a'), job('a')), 'two jobs called "a"'],
    ['a key it does not know', registry(job('a', { memory: 1 })), 'Cannot read'],
    ['something else', [], 'Cannot read'],
  ])('refuses %s', (_, value, words) => {
    expect(() => importMaestro(value, { 'm.f': { task: 't@1', args: ['v'] } }, named)).toThrow(
      words,
    );
  });

  it('makes ids of odd names', () => {
    const { definition } = importMaestro(
      registry(job('Ünïcode 1'), job('input'), job('9'), job('a b'), job('a-b')),
      { 'm.f': { task: 't@1' } },
      named,
    );
    expect(Object.keys(definition.steps)).toEqual(['n_code_1', 'input_job', 'job', 'a_b', 'a_b_2']);
  });

  it('turns dates into text and keeps what only looks like a reference', () => {
    const args = [{ type: 'date', value: '2026-01-31' }, { $from: 'input' }];
    const { definition } = importMaestro(
      registry(job('a', { args })),
      { 'm.f': { task: 't@1', args: ['day', 'odd'] } },
      named,
    );
    expect(definition.steps['a']).toEqual({
      task: 't@1',
      with: { day: '2026-01-31', odd: { $value: { $from: 'input' } } },
    });
  });
});

function registry(...value: object[]) {
  return { type: 'JobRegistry', value };
}

function job(name: string, more: object = {}) {
  const executable = { type: 'function', value: 'm.f' };
  return { type: 'callable', name, executable, parallel_group: null, ...more };
}

function dependsOn(value: string) {
  return { type: 'DependsOn', value };
}
