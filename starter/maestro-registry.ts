import type { Json } from '../contracts/flow-definition.ts';
import {
  type ImportedFlow,
  importMaestro,
  ImportRefused,
} from '../flows/convert/import-maestro.ts';
import { type TaskBindings, taskBindingsSchema } from '../flows/convert/maestro-registry.ts';
import { WrongUsage } from './exit-codes.ts';
import { readJson } from './flow-file.ts';

export interface MaestroOptions {
  /** Absent: the refusal says which bindings are needed. */
  bindings?: string | undefined;
  name?: string | undefined;
  byData?: boolean | undefined;
}

/** Whether a document is what Maestro's `serialize` writes. */
export function isMaestroRegistry(document: unknown): boolean {
  return (document as { type?: unknown } | null)?.type === 'JobRegistry';
}

/** Makes a flow of a registry. @throws {WrongUsage} that says what is missing. */
export async function importRegistry(
  registry: unknown,
  { bindings, name = 'imported', byData = false }: MaestroOptions,
): Promise<ImportedFlow> {
  const tasks = bindings === undefined ? {} : await readBindings(bindings);
  try {
    return importMaestro(registry as Json, tasks, { name, isByData: byData });
  } catch (error) {
    throw error instanceof ImportRefused ? new WrongUsage(error.message) : error;
  }
}

async function readBindings(path: string): Promise<TaskBindings> {
  const bindings = taskBindingsSchema.safeParse(await readJson(path));
  if (bindings.success) return bindings.data;
  const [issue] = bindings.error.issues;
  throw new WrongUsage(
    `Cannot use "${path}" at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'it does not fit'}`,
  );
}
