import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Gives back, at once, the memory that this thread holds and nobody refers to.
 *
 * Buffers of native code are some hundred bytes to the engine, whatever they point to, so that it lets several
 * large ones lie. Costs some milliseconds: worth it after tens of megabytes.
 */
export function collectGarbage(): void {
  if (collect === undefined) {
    // The flag on the command line would have to be on that of every program that starts a thread.
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
