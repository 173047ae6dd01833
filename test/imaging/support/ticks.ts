import { readFileSync } from 'node:fs';

const TICK_MS = 5;
/** Of the thread of the event loop, where the system tells: nanoseconds on a processor come first. */
const OWN_THREAD = `/proc/self/task/${process.pid}/schedstat`;

/**
 * Ticks of the event loop of this process, and what it computed between two of them.
 *
 * On a machine that is busy with something else a tick is late without anybody's fault here. Processor time
 * tells: a loop that was blocked for so long has used as much of it, one that had to wait for its turn has not.
 */
export class Ticks {
  private longestMs = 0;
  private last = cpuMs();
  private readonly timer = setInterval(() => this.tick(), TICK_MS);

  /** @returns the most processor time of the loop's thread between two ticks, milliseconds. */
  stop(): number {
    clearInterval(this.timer);
    this.tick();
    return this.longestMs;
  }

  private tick(): void {
    const now = cpuMs();
    this.longestMs = Math.max(this.longestMs, now - this.last);
    this.last = now;
  }
}

function cpuMs(): number {
  try {
    return Number(readFileSync(OWN_THREAD, 'utf8').split(' ', 1)[0]) / 1e6;
  } catch {
    // Elsewhere than on Linux only all threads together are known.
  }
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
