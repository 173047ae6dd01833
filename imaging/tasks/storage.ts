import { z } from 'zod';
import { artifactRefSchema } from '../../contracts/artifacts.ts';
import { defineTask } from '../../flows/build/task.ts';

const files = z.array(artifactRefSchema.loose());

/** Tasks that let go of what a run has stored. */
export function storageTasks() {
  return [
    defineTask({
      name: 'store.remove@1',
      title: 'Gives the storage of images back',
      input: z.object({ images: files }),
      output: z.object({ removed: z.number() }),
      queue: 'io',
      run: async ({ images }, context) => ({ removed: await context.remove(images) }),
    }),
    defineTask({
      name: 'store.cleanup@1',
      title: 'Gives back everything that the run has stored but what is to be kept',
      input: z.object({ keep: files.default([]) }),
      output: z.object({ removed: z.number() }),
      queue: 'io',
      run: async ({ keep }, context) => ({ removed: await context.removeAllBut(keep) }),
    }),
  ];
}
