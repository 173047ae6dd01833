import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../imaging/io/cutout-process.js', import.meta.url));

/** Processor time after which a process is past its start, and loading its network. */
const AT_WORK_SECONDS = 1;

/** Ids of the processes that remove backgrounds, below this process: those of other runs on the machine have another parent. */
export function cutoutProcesses(): number[] {
  return found().map(({ pid }) => pid);
}

/** Those of them that are in the middle of a picture, as far as processor time tells. */
export function workingCutoutProcesses(): number[] {
  return found()
    .filter(({ cpuSeconds }) => cpuSeconds >= AT_WORK_SECONDS)
    .map(({ pid }) => pid);
}

/** Also true of one whose parent is gone. */
export function isAlive(pid: number): boolean {
  try {
    const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
    // One that has ended, and that nobody has asked about yet, is a zombie.
    return !state.trim().startsWith('Z');
  } catch {
    return false;
  }
}

function found(): { pid: number; cpuSeconds: number }[] {
  const below = new Set([process.pid]);
  const all = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,time=,args='], {
    encoding: 'utf8',
  })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, ppid, time, args]) => ({ pid: +pid!, ppid: +ppid!, time: time!, args: args! }));
  // A child may have a smaller number than its parent.
  for (let before = 0; before < below.size;) {
    before = below.size;
    for (const { pid, ppid } of all) if (below.has(ppid)) below.add(pid);
  }
  return all
    .filter(({ pid, args }) => below.has(pid) && args.includes(program))
    .map(({ pid, time }) => ({ pid, cpuSeconds: secondsOf(time) }));
}

/** `mm:ss` or `hh:mm:ss`, with fractions on some systems. */
function secondsOf(time: string): number {
  return time.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);
}
