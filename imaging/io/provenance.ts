import { z } from 'zod';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { referencesIn } from '../../contracts/artifact-references.ts';
import type { TaskContext } from '../../flows/build/task-context.ts';
import type { Task } from '../../flows/build/task.ts';
import type { Settings } from '../../platform/configuration.ts';
import { openArtifactStore } from '../../platform/open-store.ts';
import { ResultMemo } from '../../platform/result-memo.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What made a stored file: enough to make it again. */
export const provenanceSchema = z.object({
  /** `name@major`. */
  task: z.string(),
  /** Of this system. */
  version: z.string(),
  /** The whole input, with its defaults filled in. */
  parameters: z.unknown(),
  /** Of every stored file in the input. */
  inputs: z.array(sha256),
});

export type Provenance = z.infer<typeof provenanceSchema>;

/** Who made which file, by the content of the file; kept as long as remembered results are. */
export class ProvenanceBook {
  private readonly memo: ResultMemo<typeof provenanceSchema>;

  constructor(settings: Settings) {
    this.memo = new ResultMemo(openArtifactStore(settings).storage, provenanceSchema);
  }

  /** @returns null when no task of this storage made such a file. */
  find(output: string): Promise<Provenance | null> {
    return this.memo.recall(keyOf(output));
  }

  async note(output: string, provenance: Provenance): Promise<void> {
    // What a task passes on unchanged was made by another.
    if (provenance.inputs.includes(output)) return;
    await this.memo.remember(keyOf(output), provenance);
  }
}

function keyOf(contentSha256: string) {
  return { step: 'provenance@1', contentSha256, parameters: {} };
}

/** The task, with every file that it stores noted in the book. */
export function withProvenance(task: Task, book: ProvenanceBook, version: string): Task {
  const run = async (input: never, context: TaskContext): Promise<unknown> => {
    const provenance = {
      task: task.facts.name,
      version,
      parameters: input as unknown,
      inputs: [...new Set(referencesIn(input).map((ref) => ref.sha256))],
    };
    const noted = async (storing: Promise<ArtifactRef>): Promise<ArtifactRef> => {
      const ref = await storing;
      await book.note(ref.sha256, provenance);
      return ref;
    };
    return task.run(input, {
      ...context,
      put: (bytes, mediaType) => noted(context.put(bytes, mediaType)),
      putFile: (path, mediaType) => noted(context.putFile(path, mediaType)),
    });
  };
  return {
    get facts() {
      return task.facts;
    },
    parseInput: task.parseInput,
    parseOutput: task.parseOutput,
    run,
  };
}
