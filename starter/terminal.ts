import colors from 'picocolors';

/**
 * Where answers and remarks go. With `--json` standard output holds one document and nothing else;
 * remarks always go to standard error then.
 */
export class Terminal {
  private readonly isJson: boolean;

  constructor(isJson: boolean) {
    this.isJson = isJson;
  }

  /** Something a person wants to know while waiting. */
  remark(line: string): void {
    (this.isJson ? process.stderr : process.stdout).write(`${line}\n`);
  }

  /** The answer of the command: as a document for programs, or in words. */
  answer(document: unknown, words: string): void {
    process.stdout.write(this.isJson ? `${JSON.stringify(document, null, 2)}\n` : `${words}\n`);
  }

  /** Something that is wrong, though the command goes on: never in the way of an answer. */
  warn(line: string): void {
    process.stderr.write(`${colors.yellow(line)}\n`);
  }

  /** Whether the answer is a document, so that nothing else may stand on standard output. */
  get isForPrograms(): boolean {
    return this.isJson;
  }

  /** Whether lines can be drawn over, as bars are. */
  get canRedraw(): boolean {
    return !this.isJson && process.stdout.isTTY === true && (process.stdout.columns ?? 0) > 40;
  }
}

/** A verdict in the color of a traffic light. */
export function verdictWords(verdict: string): string {
  if (['pass', 'stated', 'located'].includes(verdict)) return colors.green(verdict.toUpperCase());
  if (verdict === 'review' || verdict === 'weak') return colors.yellow(verdict.toUpperCase());
  return colors.red(verdict.toUpperCase());
}

/** Rows under one another, each column as wide as its widest cell. */
export function tableWords(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
