import { readdirSync, readFileSync } from 'node:fs';

/** Of a clock tick of the kernel, which counts a hundred a second on every system that is met. */
const TICK_SECONDS = 0.01;

/**
 * Processor time of this process and all below it, those that have ended among them, seconds; known on
 * Linux only. On a busy machine it says what wall time does not.
 */
export function processorSeconds(): number {
  const all = new Map<number, { parent: number; seconds: number }>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statOf(name);
    // Own time, and that of children that were waited for, in user and in kernel mode.
    if (fields === null) continue;
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
    all.set(Number(name), { parent: Number(fields[1]), seconds: ticks * TICK_SECONDS });
  }
  const isBelow = (pid: number): boolean => {
    if (pid === process.pid) return true;
    const found = all.get(pid);
    return found !== undefined && found.parent > 1 && isBelow(found.parent);
  };
  let sum = 0;
  for (const [pid, { seconds }] of all) if (isBelow(pid)) sum += seconds;
  return sum;
}

/** The fields after the name of the program, which may hold anything. */
function statOf(pid: string): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    // It has ended meanwhile.
    return null;
  }
}
