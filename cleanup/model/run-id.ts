const uuidAtEnd = /-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/**
 * The run id at the end of a run key, or null when the name is not that of a run.
 *
 * @example
 * runIdOf('navad_F7-0192f3a4-03b1-70c3-8cd0-fe92da8edbc9'); // '0192f3a4-03b1-70c3-8cd0-fe92da8edbc9'
 */
export function runIdOf(runKey: string): string | null {
  return uuidAtEnd.exec(runKey)?.[1] ?? null;
}
