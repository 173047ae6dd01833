import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** A stack lets its workers finish what they hold. */
const STOP_LIMIT_MS = 60_000;

const made: string[] = [];
const users: (() => Promise<void>)[] = [];

// Hooks run in the order in which they are defined, so this one runs before those of the test file.
afterAll(async () => {
  // What was started last uses what was started before it.
  for (const end of users.splice(0).reverse()) await end();
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
}, STOP_LIMIT_MS);

/** A folder that is gone when the tests of the file have ended. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'skyloom-test-'));
  made.push(folder);
  return folder;
}

/** Has something ended before the folders go that it writes to; `end` may be called more than once. */
export function beforeScratchIsRemoved(end: () => Promise<void>): void {
  users.push(end);
}
