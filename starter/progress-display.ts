import type { Progress } from '../contracts/progress.ts';
import type { Terminal } from './terminal.ts';

const BAR_WIDTH = 24;

/** Shows how runs go on: a bar per run on a terminal, elsewhere a line whenever something changed. */
export class ProgressDisplay {
  private readonly terminal: Terminal;
  private readonly lastWords = new Map<string, string>();
  private readonly current = new Map<string, Progress>();
  private drawnLines = 0;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  /** @returns whether it was news. */
  show(run: string, progress: Progress): boolean {
    const words = `${progress.stage}: ${progress.words}`;
    if (this.lastWords.get(run) === words) return false;
    this.lastWords.set(run, words);
    // A stage that counts nothing leaves the bar where it was.
    const { done, total } = progress.total > 0 ? progress : (this.current.get(run) ?? progress);
    this.current.set(run, { ...progress, done, total });
    if (this.terminal.canRedraw) this.redraw();
    else this.terminal.remark(`${run}  ${words}`);
    return true;
  }

  private redraw(): void {
    const columns = process.stdout.columns;
    if (this.drawnLines > 0) process.stdout.write(`\u001B[${this.drawnLines}A`);
    for (const [run, progress] of this.current) {
      const line = `${bar(progress)} ${run}  ${progress.stage}: ${progress.words}`;
      process.stdout.write(`\u001B[2K${line.slice(0, columns - 1)}\n`);
    }
    this.drawnLines = this.current.size;
  }
}

function bar({ stage, done, total }: Progress): string {
  const share = stage === 'done' ? 1 : total > 0 ? Math.min(1, done / total) : 0;
  const filled = Math.round(share * BAR_WIDTH);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]`;
}
