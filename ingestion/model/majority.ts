/** Counts how often each key is met, and names the one that most have. */
export class Majority {
  private readonly counts = new Map<string, number>();
  private total = 0;

  add(key: string): void {
    this.total++;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  /** The key of more than half, or null when there is none: then nobody can say who is the odd one out. */
  get key(): string | null {
    for (const [key, count] of this.counts) if (count * 2 > this.total) return key;
    return null;
  }

  /** The key that at least such a share has, or null. */
  shared(share: number): string | null {
    const { key, total } = this;
    return key !== null && this.counts.get(key)! >= share * total ? key : null;
  }

  /** Every key with its count, in order of key. */
  entries(): [string, number][] {
    return [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
