/**
 * Says that work is no longer wanted, to all who listen, and to everything that was started below it.
 *
 * A tree of plain objects, and not `AbortSignal`, so that it behaves alike in a workflow's sandbox,
 * in memory and in tests; an engine turns it into what its calls take.
 */
export class Cancellation {
  private readonly listeners = new Set<() => void>();
  private cancelled = false;

  get isCancelled(): boolean {
    return this.cancelled;
  }

  /** Cancels once; listeners are called in the order in which they came. */
  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    for (const listener of this.listeners) listener();
    this.listeners.clear();
  }

  /** Calls back on cancellation, at once when it is over already; gives what stops the listening. */
  onCancel(listener: () => void): () => void {
    if (this.cancelled) {
      listener();
      return () => {};
    }
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** One that is cancelled with this one, or alone. Call `release` when its work is over. */
  child(): { cancellation: Cancellation; release: () => void } {
    const cancellation = new Cancellation();
    return { cancellation, release: this.onCancel(() => cancellation.cancel()) };
  }
}
