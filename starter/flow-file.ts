import { readFile } from 'node:fs/promises';
import type { FlowDefinition } from '../contracts/flow-definition.ts';
import { formatProblem, type Problem } from '../flows/check/problem.ts';
import type { TaskRegistry } from '../flows/io/task-registry.ts';
import { loadFlow } from '../flows/load/load-flow.ts';
import { WrongUsage } from './exit-codes.ts';

/** @throws {WrongUsage} when the file cannot be read. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new WrongUsage(`Cannot read "${path}": ${reasonNotToRead(error)}`);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder: name a file in it',
  EACCES: 'its permissions do not allow that',
  EPERM: 'its permissions do not allow that',
};

function reasonNotToRead(error: unknown): string {
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  return reasons[code] ?? message;
}

/** @throws {WrongUsage} when the file cannot be read or is no JSON. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WrongUsage(`Cannot read "${path}" as it is not JSON: ${reason}`);
  }
}

/** Reads and checks a definition; `definition` is absent when it may not run. */
export async function readFlow(
  path: string,
  registry: TaskRegistry,
): Promise<{ definition?: FlowDefinition; problems: readonly Problem[] }> {
  return loadFlow(await readText(path), registry.catalogue());
}

/** @throws {WrongUsage} that lists every problem. */
export async function readSoundFlow(path: string, registry: TaskRegistry): Promise<FlowDefinition> {
  return soundFlow(await readText(path), path, registry);
}

/**
 * The flow that a text says.
 *
 * @param name of where the text stands, for the refusal.
 * @throws {WrongUsage} that lists every problem.
 */
export function soundFlow(text: string, name: string, registry: TaskRegistry): FlowDefinition {
  const { definition, problems } = loadFlow(text, registry.catalogue());
  if (definition !== undefined) return definition;
  const lines = problems.map((found) => `  ${formatProblem(found)}`);
  throw new WrongUsage(`Cannot use "${name}" as a flow:\n${lines.join('\n')}`);
}
