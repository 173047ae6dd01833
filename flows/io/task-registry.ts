import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Catalogue } from '../../contracts/flow-catalogue.ts';
import type { FlowDefinition } from '../../contracts/flow-definition.ts';
import { InvalidInput } from '../../contracts/failures.ts';
import type { Task } from '../build/task.ts';
import { taskStepsIn } from '../model/inner-blocks.ts';

/** The tasks that a worker can run, and the flows that it knows by name. */
export class TaskRegistry {
  readonly tasks = new Map<string, Task>();
  /** By name and major version. */
  readonly flows = new Map<string, FlowDefinition>();

  constructor(tasks: Iterable<Task> = [], flows: Iterable<FlowDefinition> = []) {
    for (const task of tasks) this.addTask(task, 'the worker');
    for (const flow of flows) this.flows.set(majorName(flow), flow);
  }

  /**
   * Takes every task and every flow that a module exports; other exports are passed over.
   *
   * @param path of the module, from the folder that the process runs in.
   * @throws {InvalidInput} when it cannot be loaded, has none, or has a task of a name that is taken.
   */
  async addModule(path: string): Promise<void> {
    const exported = Object.values(await load(path));
    const tasks = exported
      .flatMap((value) => (Array.isArray(value) ? value : [value]))
      .filter(isTask);
    const flows = exported.map(definitionIn).filter((flow) => flow !== null);
    if (tasks.length + flows.length === 0) {
      throw new InvalidInput(
        `Cannot use "${path}" as it exports neither a task (defineTask) nor a flow (defineFlow)`,
      );
    }
    for (const task of new Set(tasks)) this.addTask(task, path);
    for (const flow of flows) this.flows.set(majorName(flow), flow);
  }

  catalogue(): Catalogue {
    return {
      tasks: [...this.tasks.values()].map(({ facts }) => facts),
      flows: [...this.flows].map(([name, { input = {} }]) => ({ name, input, output: {} })),
    };
  }

  /** The tasks that a flow may come to run: those it names, and those that they add. */
  tasksOf({ steps }: FlowDefinition): Task[] {
    const found = new Map<string, Task>();
    const visit = (name: string) => {
      const task = this.tasks.get(name);
      if (task === undefined || found.has(name)) return;
      found.set(name, task);
      task.facts.spawns.forEach(visit);
    };
    for (const { task } of taskStepsIn(steps)) visit(task);
    return [...found.values()];
  }

  private addTask(task: Task, origin: string): void {
    const { name } = task.facts;
    const known = this.tasks.get(name);
    if (known !== undefined && known !== task) {
      throw new InvalidInput(`Cannot add task "${name}" of ${origin} as there is one of that name`);
    }
    this.tasks.set(name, task);
  }
}

/** The name by which other flows call a flow: `name@major`. */
export function majorName({ name, version }: FlowDefinition): string {
  return `${name}@${version.split('.')[0]}`;
}

async function load(path: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = /unknown file extension|\.ts"/i.test(reason)
      ? ': compile it to JavaScript, or run with NODE_OPTIONS="--import tsx"'
      : '';
    throw new InvalidInput(`Cannot load tasks from "${path}": ${reason}${hint}`);
  }
}

function isTask(value: unknown): value is Task {
  return typeof value === 'object' && value !== null && 'facts' in value && 'parseInput' in value;
}

function definitionIn(value: unknown): FlowDefinition | null {
  if (typeof value !== 'object' || value === null) return null;
  const inner = 'definition' in value ? value.definition : value;
  const isDefinition =
    typeof inner === 'object' && inner !== null && 'flow' in inner && 'steps' in inner;
  return isDefinition ? (inner as FlowDefinition) : null;
}
