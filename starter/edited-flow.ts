import type { FlowDefinition } from '../contracts/flow-definition.ts';
import { formatProblem } from '../flows/check/problem.ts';
import { changeText } from '../flows/edit/change-text.ts';
import { EditRefused } from '../flows/edit/find-step.ts';
import type { Edit } from '../flows/edit/remove-step.ts';
import type { TaskRegistry } from '../flows/io/task-registry.ts';
import { loadFlow } from '../flows/load/load-flow.ts';
import { WrongUsage } from './exit-codes.ts';
import { soundFlow } from './flow-file.ts';

/** A definition as text after a change, and what else changed with it. */
export interface EditedFlow {
  readonly text: string;
  readonly definition: FlowDefinition;
  readonly notes: readonly string[];
}

/**
 * Changes a definition where it stands, and checks what came of it.
 *
 * @param name of where the text stands.
 * @throws {WrongUsage} when the change is refused, or the flow could not run after it.
 */
export function editFlow(
  text: string,
  name: string,
  registry: TaskRegistry,
  edit: (definition: FlowDefinition) => Edit,
): EditedFlow {
  const { changes, notes } = refusedAsUsage(() => edit(soundFlow(text, name, registry)));
  const changed = changeText(text, changes);
  const { definition, problems } = loadFlow(changed, registry.catalogue());
  if (definition !== undefined) return { text: changed, definition, notes };
  const lines = problems
    .filter(({ severity }) => severity === 'error')
    .map((found) => `  ${formatProblem(found)}`);
  throw new WrongUsage(
    `Cannot change "${name}" that way as it could not run any more:\n${lines.join('\n')}`,
  );
}

function refusedAsUsage<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof EditRefused ? new WrongUsage(error.message) : error;
  }
}
