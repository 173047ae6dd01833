import { MockActivityEnvironment } from '@temporalio/testing';

/** Runs one activity outside a worker, with the types of its argument and result kept. */
export async function runActivity<Argument, Result>(
  activity: (argument: Argument) => Promise<Result>,
  argument: Argument,
): Promise<Result> {
  const results: Result[] = [];
  await new MockActivityEnvironment().run(async () => {
    results.push(await activity(argument));
  });
  return results[0]!;
}
