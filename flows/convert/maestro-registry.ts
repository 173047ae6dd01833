import { z } from 'zod';

/** What Maestro's `serialize` writes, read strictly: an entry that says more than this would be lost. */

const callable = z.union([
  z.string(),
  z.strictObject({ type: z.literal('function'), value: z.string() }),
]);

const job = z.strictObject({
  type: z.enum(['callable', 'async_callable', 'script']),
  name: z.string().min(1),
  executable: callable,
  parallel_group: z.string().nullish(),
  args: z.array(z.unknown()).optional(),
  kwargs: z.record(z.string(), z.unknown()).optional(),
});

export type MaestroJob = z.infer<typeof job>;

export const maestroRegistrySchema = z.strictObject({
  type: z.literal('JobRegistry'),
  value: z.array(job).min(1),
});

/** For each callable or script, the task that does its work, and the names of its positional arguments. */
export const taskBindingsSchema = z.record(
  z.string(),
  z.strictObject({
    task: z.string(),
    args: z.array(z.string()).optional(),
    with: z.record(z.string(), z.unknown()).optional(),
    /** Field of the task's value that stands for what the job returned. */
    result: z.string().optional(),
  }),
);

export type TaskBindings = z.infer<typeof taskBindingsSchema>;
