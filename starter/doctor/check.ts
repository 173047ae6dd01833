/** What one check found. */
export interface Check {
  name: string;
  state: 'ok' | 'warning' | 'fault';
  /** What was found, with the figures. */
  words: string;
  /** What to do about it; null when all is well. */
  remedy: string | null;
}

export function ok(name: string, words: string): Check {
  return { name, state: 'ok', words, remedy: null };
}

export function warning(name: string, words: string, remedy: string): Check {
  return { name, state: 'warning', words, remedy };
}

export function fault(name: string, words: string, remedy: string): Check {
  return { name, state: 'fault', words, remedy };
}

/** The words of an error, on one line. */
export function reasonIn(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
}
