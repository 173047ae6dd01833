import type { Json } from '../../contracts/flow-definition.ts';
import type { Cancellation } from '../model/cancellation.ts';

/** Signals that came, by name, each for one step; what came early is kept until a step waits for it. */
export class SignalBox {
  private readonly kept: Map<string, Json[]>;
  private readonly waiting = new Map<string, ((payload: Json) => void)[]>();

  constructor(kept: Record<string, Json[]> = {}) {
    this.kept = new Map(Object.entries(kept).map(([name, payloads]) => [name, [...payloads]]));
  }

  put(name: string, payload: Json): void {
    const take = this.waiting.get(name)?.shift();
    if (take !== undefined) take(payload);
    else this.kept.set(name, [...(this.kept.get(name) ?? []), payload]);
  }

  take(name: string, cancellation: Cancellation): Promise<Json> {
    const kept = this.kept.get(name);
    if (kept !== undefined && kept.length > 0) return Promise.resolve(kept.shift()!);
    return new Promise((resolve, reject) => {
      const takers = this.waiting.get(name) ?? [];
      this.waiting.set(name, takers);
      const take = (payload: Json) => {
        stopListening();
        resolve(payload);
      };
      const stopListening = cancellation.onCancel(() => {
        const place = takers.indexOf(take);
        if (place >= 0) takers.splice(place, 1);
        reject(new Error(`Nobody waits for the signal "${name}" any more`));
      });
      if (!cancellation.isCancelled) takers.push(take);
    });
  }

  /** What came and nobody took, for the run that goes on. */
  toJson(): Record<string, Json[]> {
    return Object.fromEntries([...this.kept].filter(([, payloads]) => payloads.length > 0));
  }
}
