import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 50;
const PATIENCE_MS = 40_000;

/** Looks again and again until there is an answer; what goes wrong on the way is no answer yet. */
export async function until<Answer>(
  what: string,
  look: () => Promise<Answer | null | undefined | false>,
  patienceMs: number = PATIENCE_MS,
): Promise<Answer> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    const answer = await look().catch(() => null);
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    await delay(POLL_MS);
  }
  throw new Error(`Cannot go on as this did not come in time: ${what}`);
}
