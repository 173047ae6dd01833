import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Storage } from './storage.ts';
import { canonicalJson } from '../maths/canonical-json.ts';

/** What a result depends on: nothing else may influence it. */
export interface MemoKey {
  /** The step, with the version of its code: `examine-image@1`. */
  step: string;
  contentSha256: string;
  parameters: Record<string, number | string | boolean>;
}

/** Results of costly steps, kept by what they depend on, so that nothing is computed twice. */
export class ResultMemo<Schema extends z.ZodType> {
  private readonly storage: Storage;
  private readonly schema: Schema;

  constructor(storage: Storage, schema: Schema) {
    this.storage = storage;
    this.schema = schema;
  }

  /** @returns null when the result is not known, or was written in a shape that is no longer read. */
  async recall(key: MemoKey): Promise<z.infer<Schema> | null> {
    const known = await this.storage.readSmall(nameOf(key));
    if (known === null) return null;
    try {
      const parsed = this.schema.safeParse(JSON.parse(known.toString('utf8')));
      return parsed.success ? parsed.data : null;
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }

  async remember(key: MemoKey, result: z.infer<Schema>): Promise<void> {
    // What a power failure takes from it is computed again.
    await this.storage.writeSmall(nameOf(key), Buffer.from(canonicalJson(result)), false);
  }
}

function nameOf(key: MemoKey): string {
  const name = createHash('sha256').update(canonicalJson(key)).digest('hex');
  return `memo/${name.slice(0, 2)}/${name}.json`;
}
