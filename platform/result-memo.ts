import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { isNotFound, writeFileAtomic } from './atomic-file.ts';
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
  private readonly home: string;
  private readonly schema: Schema;

  constructor(home: string, schema: Schema) {
    this.home = home;
    this.schema = schema;
  }

  /** @returns null when the result is not known, or was written in a shape that is no longer read. */
  async recall(key: MemoKey): Promise<z.infer<Schema> | null> {
    try {
      const parsed = this.schema.safeParse(JSON.parse(await readFile(this.pathOf(key), 'utf8')));
      return parsed.success ? parsed.data : null;
    } catch (error) {
      if (isNotFound(error) || error instanceof SyntaxError) return null;
      throw error;
    }
  }

  async remember(key: MemoKey, result: z.infer<Schema>): Promise<void> {
    // What a power failure takes from it is computed again.
    await writeFileAtomic(this.pathOf(key), canonicalJson(result), { isDurable: false });
  }

  private pathOf(key: MemoKey): string {
    const name = createHash('sha256').update(canonicalJson(key)).digest('hex');
    return join(this.home, 'memo', name.slice(0, 2), `${name}.json`);
  }
}
