const TICK_MS = 5;

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

  /** @returns the most processor time of all threads between two ticks, milliseconds. */
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
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
