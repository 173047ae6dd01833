import { totalmem } from 'node:os';
import { UnsupportedImage } from '../contracts/failures.ts';
import type { Settings } from './configuration.ts';

/** Of the memory of the machine or container, when nothing is set. */
const DEFAULT_SHARE = 0.5;
/** Of the same, for all processes that remove backgrounds together. */
const CUTOUT_SHARE = 0.4;

interface Waiter {
  bytes: number;
  go: () => void;
}

/**
 * Lets work begin when the memory that it will need is free, in the order of asking: a large image is not
 * passed by small ones for ever.
 */
export class MemoryBudget {
  readonly limitBytes: number;
  private taken = 0;
  private readonly line: Waiter[] = [];

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  /**
   * @param name how the refusal calls the image.
   * @throws {UnsupportedImage} at once when the work will never fit.
   * @throws the signal's reason when it is aborted while the work waits.
   */
  async run<Result>(
    bytes: number,
    name: string,
    signal: AbortSignal,
    work: () => Promise<Result>,
  ): Promise<Result> {
    if (bytes > this.limitBytes) {
      const megabytes = (size: number) => Math.ceil(size / 1e6);
      throw new UnsupportedImage(
        `Cannot work on image "${name}" as that needs about ${megabytes(bytes)} megabytes and this worker takes ${megabytes(this.limitBytes)}: raise SKYLOOM_IMAGE_MEMORY_MEGABYTES or leave it out`,
      );
    }
    await this.admit(bytes, signal);
    try {
      return await work();
    } finally {
      this.taken -= bytes;
      this.letIn();
    }
  }

  private async admit(bytes: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const waiter = {
        bytes,
        go: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = () => {
        this.line.splice(this.line.indexOf(waiter), 1);
        reject(signal.reason);
        this.letIn();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.line.push(waiter);
      this.letIn();
    });
  }

  private letIn(): void {
    for (;;) {
      const [first] = this.line;
      if (first === undefined || this.taken + first.bytes > this.limitBytes) return;
      this.line.shift();
      this.taken += first.bytes;
      first.go();
    }
  }
}

/** One for all tasks of the process: they share its memory. */
let shared: MemoryBudget | undefined;

export function memoryBudget({ SKYLOOM_IMAGE_MEMORY_MEGABYTES: set }: Settings): MemoryBudget {
  const limitBytes = set === undefined ? DEFAULT_SHARE * memoryOfThisPlace() : set * 1e6;
  if (shared?.limitBytes !== limitBytes) shared = new MemoryBudget(limitBytes);
  return shared;
}

/**
 * Memory of the processes that remove backgrounds: so many of them work at a time as it holds. Whoever
 * says how many there are answers for the memory, too.
 */
export function cutoutBudget({
  SKYLOOM_CUTOUT_PROCESSES: processes,
  SKYLOOM_CUTOUT_MEGABYTES: megabytes,
}: Settings): MemoryBudget {
  const one = megabytes * 1e6;
  if (processes !== undefined) return new MemoryBudget(processes * one);
  return new MemoryBudget(Math.max(one, CUTOUT_SHARE * memoryOfThisPlace()));
}

/** Of the container where there is one, else of the machine. */
function memoryOfThisPlace(): number {
  const constrained = process.constrainedMemory();
  // Without a limit some systems name a number beyond all memory.
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
