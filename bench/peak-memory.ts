import { readFile } from 'node:fs/promises';

/**
 * Largest resident memory of a living process, bytes, as the system counts it for the process alone; null where it
 * does not tell, as only Linux does.
 */
export async function peakMemory(pid: number | 'self'): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}
