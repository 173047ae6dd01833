import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../platform/atomic-file.ts';

const stackRecordSchema = z.object({
  ownerPid: z.number().int().positive(),
  serverPid: z.number().int().positive().nullable(),
  address: z.string(),
  uiAddress: z.string().nullable(),
});

/** Which stack serves a home folder, so that other commands find it. */
export type StackRecord = z.infer<typeof stackRecordSchema>;

/** @returns the record of the stack that is up, or null when there is none or its owner is gone. */
export async function readLiveStack(home: string): Promise<StackRecord | null> {
  const record = await readStackRecord(home);
  return record !== null && isRunning(record.ownerPid) ? record : null;
}

/** @returns what was written last, whether its owner still runs or not. */
export async function readStackRecord(home: string): Promise<StackRecord | null> {
  try {
    const parsed = stackRecordSchema.safeParse(JSON.parse(await readFile(pathIn(home), 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    // No record, or half of one from a disk that was full: as good as none.
    return null;
  }
}

export function writeStackRecord(home: string, record: StackRecord): Promise<void> {
  return writeFileAtomic(pathIn(home), JSON.stringify(record, null, 2));
}

export function removeStackRecord(home: string): Promise<void> {
  return rm(pathIn(home), { force: true });
}

/** Whether there is a process with that id. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function pathIn(home: string): string {
  return join(home, 'stack.json');
}
