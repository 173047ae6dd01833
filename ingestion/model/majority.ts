/** Counts how often each key is met, and names the one that most have. */
export class Majority {
  private readonly counts = new Map<string, number>();

  add(key: string): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  /** The key of more than half, or null when there is none: then nobody can say who is the odd one out. */
  get key(): string | null {
    const total = [...this.counts.values()].reduce((sum, count) => sum + count, 0);
    for (const [key, count] of this.counts) if (count * 2 > total) return key;
    return null;
  }

  /** Every key with its count, in order of key. */
  entries(): [string, number][] {
    return [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
