import type { Catalogue } from '../../contracts/flow-catalogue.ts';
import type {
  Binding,
  Block,
  Condition,
  FlowDefinition,
  Step,
  Steps,
} from '../../contracts/flow-definition.ts';
import { planOf, defaultOutput } from '../model/block-plan.ts';
import { innerBlocks, type InnerBlock } from '../model/inner-blocks.ts';
import type { CheckedBlock, Reader } from './scope.ts';
import { anyOf, itemShape, objectShape, type Shape, shapeOf, unknownShape } from './shape.ts';
import { bindingShape, channelShape, runShape, stepShape } from './step-shape.ts';

/** A binding of the definition, who reads it, and what it has to fit. */
export interface BindingPlace {
  readonly binding: Binding;
  readonly pointer: string;
  readonly reader: Reader;
  readonly target?: Shape;
}

/** A condition of the definition and who asks it. */
export interface ConditionPlace {
  readonly condition: Condition;
  readonly pointer: string;
  readonly reader: Reader;
}

/** A step and where it stands. */
export interface StepPlace {
  readonly id: string;
  readonly step: Step;
  readonly pointer: string;
  readonly block: CheckedBlock;
}

/** A definition taken apart for the checks: every place once, with its scope. */
export interface Analysis {
  readonly definition: FlowDefinition;
  readonly catalogue: Catalogue;
  readonly blocks: readonly CheckedBlock[];
  readonly steps: readonly StepPlace[];
  readonly bindings: readonly BindingPlace[];
  readonly conditions: readonly ConditionPlace[];
  /** Blocks whose output is stated nowhere and follows from nothing. */
  readonly withoutOutput: readonly string[];
}

/** Takes a definition of sound form apart. */
export function analyze(definition: FlowDefinition, catalogue: Catalogue): Analysis {
  const walk = new Walk(definition, catalogue);
  const channels = Object.entries(definition.channels ?? {});
  const roots = new Map([
    ['input', shapeOf(definition.input ?? {})],
    ['run', runShape],
    [
      'channels',
      objectShape(
        Object.fromEntries(channels.map(([name, channel]) => [name, channelShape(channel)])),
      ),
    ],
  ]);
  const { block } = walk.visitBlock(definition, '', { pointer: '/steps', roots, isInMap: false });
  for (const [name, binding] of Object.entries(definition.search ?? {})) {
    walk.bindings.push({ binding, pointer: `/search/${name}`, reader: { block } });
  }
  return walk;
}

type Surroundings = Pick<CheckedBlock, 'pointer' | 'roots' | 'isInMap' | 'parent' | 'branch'>;

class Walk implements Analysis {
  readonly blocks: CheckedBlock[] = [];
  readonly steps: StepPlace[] = [];
  readonly bindings: BindingPlace[] = [];
  readonly conditions: ConditionPlace[] = [];
  readonly withoutOutput: string[] = [];
  readonly definition: FlowDefinition;
  readonly catalogue: Catalogue;

  constructor(definition: FlowDefinition, catalogue: Catalogue) {
    this.definition = definition;
    this.catalogue = catalogue;
  }

  visitBlock(
    { steps, output }: Block,
    pointer: string,
    around: Surroundings,
  ): { block: CheckedBlock; output: Shape } {
    const block = this.visitSteps(steps, around);
    const reader = { block };
    if (output !== undefined) {
      this.bindings.push({ binding: output, pointer: `${pointer}/output`, reader });
      return { block, output: bindingShape(output, reader) };
    }
    const last = defaultOutput(steps);
    if (last === undefined && block.plan.cyclic.length === 0) this.withoutOutput.push(pointer);
    return { block, output: last === undefined ? unknownShape : bindingShape(last, reader) };
  }

  private visitSteps(steps: Steps, around: Surroundings): CheckedBlock {
    const block: CheckedBlock = { ...around, steps, plan: planOf(steps), shapes: new Map() };
    this.blocks.push(block);
    for (const id of block.plan.ids) {
      const step = steps[id]!;
      const pointer = `${block.pointer}/${id}`;
      this.steps.push({ id, step, pointer, block });
      this.visitOwn(step, pointer, { block, step: id });
      const inner = this.visitInner(id, step, pointer, block);
      block.shapes.set(id, stepShape(step, inner, this.catalogue));
    }
    return block;
  }

  /** What a step reads in the scope where it stands. */
  private visitOwn(step: Step, pointer: string, reader: Reader): void {
    const bind = (binding: Binding | undefined, place: string, target?: Shape) => {
      if (binding === undefined) return;
      this.bindings.push({
        binding,
        pointer: pointer + place,
        reader,
        ...(target === undefined ? {} : { target }),
      });
    };
    if (step.if !== undefined) this.ask(step.if, `${pointer}/if`, reader);
    if ('task' in step) {
      const facts = this.catalogue.tasks.find(({ name }) => name === step.task);
      bind(step.with ?? {}, '/with', facts && shapeOf(facts.input));
    }
    if ('flow' in step) {
      const facts = this.catalogue.flows?.find(({ name }) => name === step.flow);
      bind(step.with ?? {}, '/with', facts && shapeOf(facts.input));
    }
    if ('map' in step) bind(step.map.over, '/map/over', shapeOf({ type: 'array' }));
    if ('repeat' in step) bind(step.repeat.start, '/repeat/start');
    if ('approve' in step) bind(step.approve.show, '/approve/show');
    if ('wait' in step && 'until' in step.wait) {
      bind(step.wait.until, '/wait/until', shapeOf({ type: 'string' }));
    }
    if (!('choose' in step)) return;
    for (const [place, branch] of step.choose.entries()) {
      if (branch.if !== undefined) this.ask(branch.if, `${pointer}/choose/${place}/if`, reader);
    }
  }

  /** Output of each inner block by name; of a group, the shape of each member. */
  private visitInner(id: string, step: Step, pointer: string, block: CheckedBlock) {
    const shapes = new Map<string, Shape>();
    for (const inner of innerBlocks(step)) {
      const around = this.surroundings(id, step, pointer, block, inner);
      if ('parallel' in step) {
        const group = this.visitSteps(step.parallel, around);
        for (const member of group.plan.ids) {
          const isOptional = step.parallel[member]!.if !== undefined;
          shapes.set(member, { ...group.shapes.get(member)!, isOptional });
        }
        continue;
      }
      const visited = this.visitBlock(inner.block, pointer + inner.pointer, around);
      shapes.set(inner.branch ?? 'do', visited.output);
      this.visitEnds(step, pointer, visited.block);
    }
    return shapes;
  }

  /** What is read in the scope of a body, but stands beside it. */
  private visitEnds(step: Step, pointer: string, block: CheckedBlock): void {
    if ('map' in step && step.map.key !== undefined) {
      const beforeSteps = { ...block, steps: {}, plan: planOf({}) };
      this.bindings.push({
        binding: step.map.key,
        pointer: `${pointer}/map/key`,
        reader: { block: beforeSteps },
      });
    }
    if ('repeat' in step) this.ask(step.repeat.until, `${pointer}/repeat/until`, { block });
  }

  private surroundings(
    id: string,
    step: Step,
    pointer: string,
    block: CheckedBlock,
    inner: InnerBlock,
  ): Surroundings {
    const reader = { block, step: id };
    const around = {
      pointer: pointer + inner.stepsPointer,
      parent: { block, step: id },
      isInMap: block.isInMap || 'map' in step,
      ...(inner.branch === undefined ? {} : { branch: inner.branch }),
    };
    if ('map' in step) {
      const item = itemShape(bindingShape(step.map.over, reader)) ?? unknownShape;
      const roots = new Map([
        ['item', item],
        ['index', shapeOf({ type: 'integer' })],
      ]);
      return { ...around, roots };
    }
    if ('repeat' in step) {
      const loop = this.loopShape(step, { ...around, roots: new Map() }, reader);
      return { ...around, roots: new Map([['loop', loop]]) };
    }
    return { ...around, roots: new Map() };
  }

  /** The value of an iteration is the start or the output of the body, which is found by a first visit. */
  private loopShape(
    step: Extract<Step, { repeat: unknown }>,
    around: Surroundings,
    reader: Reader,
  ): Shape {
    const start =
      step.repeat.start === undefined ? undefined : bindingShape(step.repeat.start, reader);
    const first = loopOf(start ?? unknownShape, unknownShape);
    const trial = new Walk(this.definition, this.catalogue);
    const { output } = trial.visitBlock(step.repeat.do, '', {
      ...around,
      roots: new Map([['loop', first]]),
    });
    return loopOf(
      start === undefined ? { ...output, isOptional: true } : anyOf([start, output]),
      output,
    );
  }

  private ask(condition: Condition, pointer: string, reader: Reader): void {
    this.conditions.push({ condition, pointer, reader });
  }
}

function loopOf(value: Shape, last: Shape): Shape {
  const count = shapeOf({ type: 'integer' });
  return objectShape({ value, last: { ...last, isOptional: true }, count });
}
