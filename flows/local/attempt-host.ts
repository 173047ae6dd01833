import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { ArtifactAccess, TaskHost } from '../build/task-context.ts';
import type { Cancellation } from '../model/cancellation.ts';
import type { LocalSurroundings } from './local-engine.ts';

/** What one attempt is lent. Its signal is made when the task asks for it, as most never do. */
export class AttemptHost implements TaskHost {
  readonly attempt: number;
  readonly runId: string;
  readonly sessionId: string;
  readonly resumeFrom = undefined;
  private readonly around: LocalSurroundings;
  private readonly cancellation: Cancellation;
  private controller: AbortController | undefined;
  private stopListening: (() => void) | undefined;
  private isAbandoned = false;

  constructor(
    attempt: number,
    { runId, sessionId }: { readonly runId: string; readonly sessionId: string },
    around: LocalSurroundings,
    cancellation: Cancellation,
  ) {
    this.attempt = attempt;
    this.runId = runId;
    this.sessionId = sessionId;
    this.around = around;
    this.cancellation = cancellation;
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      const controller = new AbortController();
      this.controller = controller;
      this.stopListening = this.cancellation.onCancel(() => controller.abort());
      if (this.isAbandoned) controller.abort();
    }
    return this.controller.signal;
  }

  /** Tells a task that may still be at work that nobody waits for it any more. */
  abandon(): void {
    this.isAbandoned = true;
    this.controller?.abort();
  }

  /** Lets go of what the attempt listened to. */
  release(): void {
    this.stopListening?.();
  }

  heartbeat(): void {}

  log(message: string, data?: Readonly<Record<string, unknown>>): void {
    this.around.log?.(message, data);
  }

  async open(ref: Pick<ArtifactRef, 'sha256'>): Promise<Uint8Array> {
    return this.artifacts().open(ref);
  }

  async put(bytes: Uint8Array, mediaType: string): Promise<ArtifactRef> {
    return this.artifacts().put(bytes, mediaType);
  }

  async fileOf(ref: Pick<ArtifactRef, 'sha256'>): Promise<string> {
    return this.artifacts().fileOf(ref);
  }

  async putFile(path: string, mediaType: string): Promise<ArtifactRef> {
    return this.artifacts().putFile(path, mediaType);
  }

  async withScratchFile<Result>(work: (path: string) => Promise<Result>): Promise<Result> {
    return this.artifacts().withScratchFile(work);
  }

  async remove(refs: Parameters<ArtifactAccess['remove']>[0]): Promise<number> {
    return this.artifacts().remove(refs);
  }

  async removeAllBut(refs: Parameters<ArtifactAccess['removeAllBut']>[0]): Promise<number> {
    return this.artifacts().removeAllBut(refs);
  }

  private artifacts(): ArtifactAccess {
    const { artifacts } = this.around;
    if (artifacts !== undefined) return artifacts;
    throw new Error('Cannot reach artifacts: this run has none');
  }
}
