/** Longest part of a workflow id that is kept readable in a file name. */
const READABLE_LENGTH = 80;

/**
 * The name under which a run owns files and keeps its results: readable, safe as a file name, and
 * different for every run of the same workflow id.
 *
 * @example
 * runKeyOf('navad/F7', '0192f3a4-…'); // 'navad_F7-0192f3a4-…'
 */
export function runKeyOf(workflowId: string, runId: string): string {
  const readable = workflowId.replace(/[^A-Za-z0-9.-]+/g, '_').slice(0, READABLE_LENGTH);
  return `${readable}-${runId}`;
}
