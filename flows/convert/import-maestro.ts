import type {
  Binding,
  FlowDefinition,
  Json,
  Step,
  TaskStep,
} from '../../contracts/flow-definition.ts';
import { reservedIds } from '../../contracts/flow-schema.ts';
import { canonicalForm } from '../model/canonical-form.ts';
import { planOf } from '../model/block-plan.ts';
import { type MaestroJob, maestroRegistrySchema, type TaskBindings } from './maestro-registry.ts';

/** What an import gives: a flow, and what a person should know about it. */
export interface ImportedFlow {
  readonly definition: FlowDefinition;
  readonly notes: readonly string[];
}

/** A registry that can't become a flow; every reason at once. */
export class ImportRefused extends Error {
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(`Cannot import the registry:\n${reasons.join('\n')}`);
    this.reasons = reasons;
  }
}

/** What an import is told. */
export interface ImportOptions {
  readonly name: string;
  readonly version?: string;
  /** Keeps only the order that data asks for; otherwise each job runs after the one before it. */
  readonly isByData?: boolean;
}

/**
 * Makes a flow of a serialized registry of Maestro. Nothing that it names is imported or run: callables
 * and scripts become the tasks that `bindings` give for them.
 *
 * @throws {ImportRefused} with the entries to fill in, unknown dependencies, cycles and resources.
 */
export function importMaestro(
  registry: unknown,
  bindings: TaskBindings,
  options: ImportOptions,
): ImportedFlow {
  const parsed = maestroRegistrySchema.safeParse(registry);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue!.path.map(String).join('/');
    throw new ImportRefused([`Cannot read "${place}": ${issue!.message}`]);
  }
  return new Import(parsed.data.value, bindings, options).toFlow();
}

class Import {
  private readonly notes: string[] = [];
  private readonly reasons: string[] = [];
  /** Id of each job by its name. */
  private readonly ids = new Map<string, string>();
  private readonly jobs: readonly MaestroJob[];
  private readonly bindings: TaskBindings;
  private readonly options: ImportOptions;

  constructor(jobs: readonly MaestroJob[], bindings: TaskBindings, options: ImportOptions) {
    this.jobs = jobs;
    this.bindings = bindings;
    this.options = options;
    for (const { name } of jobs) this.nameJob(name);
  }

  toFlow(): ImportedFlow {
    this.demandBindings();
    const steps = this.placeSteps();
    const { cyclic } = planOf(steps);
    if (this.reasons.length === 0 && cyclic.length > 0) {
      this.reasons.push(`Cannot order ${cyclic.join(', ')}: each of them waits for another`);
    }
    if (this.reasons.length > 0) throw new ImportRefused(this.reasons);
    const { name, version = '1.0.0' } = this.options;
    const last = Object.keys(steps).at(-1)!;
    const definition = canonicalForm({ flow: '1', name, version, steps, output: { $from: last } });
    return { definition, notes: this.notes };
  }

  private nameJob(name: string): void {
    if (this.ids.has(name)) {
      this.reasons.push(`Cannot keep two jobs called "${name}"`);
      return;
    }
    const plain = name.replaceAll(/[^A-Za-z0-9_]+/g, '_').replace(/^[^a-z]+/, '') || 'job';
    const isReserved = (reservedIds as readonly string[]).includes(plain);
    const taken = new Set(this.ids.values());
    let id = isReserved ? `${plain}_job` : plain;
    for (let count = 2; taken.has(id); count++) id = `${plain}_${count}`;
    if (id !== name)
      this.notes.push(`"${name}" is no id: its step is "${id}", and keeps the name as its title`);
    this.ids.set(name, id);
  }

  private demandBindings(): void {
    const missing = this.jobs
      .map(executableOf)
      .filter((executable) => !Object.hasOwn(this.bindings, executable));
    if (missing.length === 0) return;
    const entries = [...new Set(missing)].map((name) => [name, { task: 'name@1', args: [] }]);
    const template = JSON.stringify(Object.fromEntries(entries), null, 2);
    this.reasons.push(
      `Cannot tell which tasks do the work of these; fill in and hand over:\n${template}`,
    );
  }

  /** In the order of the file: a group stands where its first job stands. */
  private placeSteps(): Record<string, Step> {
    const placed = new Map<string, Step>();
    let before: string | undefined;
    for (const job of this.jobs) {
      const group = job.parallel_group ?? undefined;
      const id = group === undefined ? this.ids.get(job.name)! : this.groupId(group);
      if (placed.has(id) && group !== undefined) continue;
      const step = group === undefined ? this.toStep(job, undefined) : this.toGroup(group);
      const after =
        before === undefined || this.options.isByData === true ? {} : { after: [before] };
      placed.set(id, { ...step, ...after });
      before = id;
    }
    return Object.fromEntries(placed);
  }

  private groupId(group: string): string {
    const id = group.replaceAll(/[^A-Za-z0-9_]+/g, '_').replace(/^[^a-z]+/, '') || 'group';
    return [...this.ids.values()].includes(id) ? `${id}_group` : id;
  }

  private toGroup(group: string): Step {
    const members = this.jobs.filter((job) => job.parallel_group === group);
    const steps = members.map((job) => [this.ids.get(job.name)!, this.toStep(job, group)]);
    return { parallel: Object.fromEntries(steps) as Record<string, Step>, policy: 'strict' };
  }

  private toStep(job: MaestroJob, group: string | undefined): TaskStep {
    const id = this.ids.get(job.name)!;
    const binding = this.bindings[executableOf(job)] ?? { task: 'unknown@1' };
    const names = binding.args ?? [];
    const positional = (job.args ?? []).map((value, place) => {
      const name = names[place];
      if (name === undefined) {
        this.reasons.push(
          `Cannot name argument ${place + 1} of "${job.name}": its binding names ${names.length}`,
        );
      }
      return [name ?? `arg${place}`, value] as const;
    });
    const all = [
      ...Object.entries(binding.with ?? {}),
      ...positional,
      ...Object.entries(job.kwargs ?? {}),
    ];
    const input = all.map(
      ([name, value]) => [name, this.toBinding(value, job.name, group)] as const,
    );
    return {
      task: binding.task,
      ...(id === job.name ? {} : { title: job.name }),
      ...(input.length === 0 ? {} : { with: Object.fromEntries(input) }),
    };
  }

  private toBinding(value: unknown, job: string, group: string | undefined): Binding {
    if (typeof value !== 'object' || value === null) return value as Binding;
    if (Array.isArray(value)) return value.map((part) => this.toBinding(part, job, group));
    const fields = value as Readonly<Record<string, unknown>>;
    switch (fields['type']) {
      case 'DependsOn':
        return this.dependency(String(fields['value']), job, group);
      case 'date':
      case 'datetime':
        return String(fields['value']);
      case 'Resource':
        this.reasons.push(
          `Cannot keep the resource of "${job}": make a step that acquires it and one with "on": "always" that gives it back`,
        );
        return null;
      case 'function':
      case 'job_pool':
        this.reasons.push(
          `Cannot hand a ${String(fields['type'])} to "${job}": a flow holds data only`,
        );
        return null;
    }
    if (Object.keys(fields).some((key) => key.startsWith('$'))) return { $value: fields as Json };
    return Object.fromEntries(
      Object.entries(fields).map(([key, part]) => [key, this.toBinding(part, job, group)]),
    );
  }

  private dependency(name: string, job: string, group: string | undefined): Binding {
    const id = this.ids.get(name);
    if (id === undefined) {
      this.reasons.push(`Cannot run "${job}" after "${name}": there is no such job`);
      return null;
    }
    const other = this.jobs.find((one) => one.name === name)!;
    const around = other.parallel_group ?? undefined;
    const path = around === undefined || around === group ? id : `${this.groupId(around)}.${id}`;
    const field = this.bindings[executableOf(other)]?.result;
    return { $from: field === undefined ? path : `${path}.${field}` };
  }
}

function executableOf({ executable }: MaestroJob): string {
  return typeof executable === 'string' ? executable : executable.value;
}
