import { misfits } from '../model/json-schema.ts';
import type { TaskFacts } from '../../contracts/flow-catalogue.ts';
import type { Analysis, StepPlace } from './analyze.ts';
import { problem, type Problem } from './problem.ts';
import type { CheckedBlock } from './scope.ts';
import { misfitOf, schemaOf, shapeOf } from './shape.ts';
import { channelShape } from './step-shape.ts';

interface TaskPlace extends StepPlace {
  readonly facts: TaskFacts;
}

/** Channels exist, carry what is written to them, and come out the same in every run. */
export function checkChannels(analysis: Analysis): Problem[] {
  const tasks = tasksOf(analysis);
  return [
    ...checkInitials(analysis),
    ...tasks.flatMap((place) => checkUse(place, analysis)),
    ...checkWriters(tasks, analysis),
  ];
}

function tasksOf({ steps, catalogue }: Analysis): TaskPlace[] {
  return steps.flatMap((place) => {
    const { step } = place;
    const facts =
      'task' in step ? catalogue.tasks.find(({ name }) => name === step.task) : undefined;
    return facts === undefined ? [] : [{ ...place, facts }];
  });
}

function checkInitials({ definition }: Analysis): Problem[] {
  return Object.entries(definition.channels ?? {}).flatMap(([name, channel]) => {
    if (channel.initial === undefined) return [];
    const [misfit] = misfits(channel.initial, schemaOf(channelShape(channel)));
    if (misfit === undefined) return [];
    const message = `Cannot start channel "${name}" with this value: ${misfit.needed} is needed`;
    return [problem('channel-type', `/channels/${name}/initial`, message)];
  });
}

function checkUse({ step, pointer, facts }: TaskPlace, { definition }: Analysis): Problem[] {
  const channels = definition.channels ?? {};
  const known = Object.keys(channels);
  const task = 'task' in step ? step.task : '';
  const check = (names: string[], verb: string, reasonOf: (name: string) => string | undefined) =>
    names.flatMap((name) => {
      if (!Object.hasOwn(channels, name)) {
        const message = `Cannot let "${task}" ${verb} channel "${name}": the flow declares no such channel`;
        return [problem('unknown-channel', `${pointer}/task`, message, { found: name, known })];
      }
      const reason = reasonOf(name);
      if (reason === undefined) return [];
      const message = `Cannot let "${task}" ${verb} channel "${name}": ${reason}`;
      return [problem('channel-type', `${pointer}/task`, message)];
    });
  return [
    ...check(Object.keys(facts.reads), 'read', (name) =>
      misfitOf(channelShape(channels[name]!), shapeOf(facts.reads[name])),
    ),
    ...check(Object.keys(facts.writes), 'write', (name) => {
      const { schema, merge } = channels[name]!;
      const write = schema ?? (merge === 'sum' ? { type: 'number' } : {});
      return misfitOf(shapeOf(facts.writes[name]), shapeOf(write));
    }),
  ];
}

function checkWriters(tasks: readonly TaskPlace[], { definition }: Analysis): Problem[] {
  const lasts = Object.entries(definition.channels ?? {}).filter(
    ([, { merge }]) => merge === 'last',
  );
  return lasts.flatMap(([name]) => {
    const writers = tasks.filter(({ facts }) => Object.hasOwn(facts.writes, name));
    return writers.flatMap((writer, place) => {
      const rival = writers.slice(0, place).find((other) => !areOrdered(other, writer));
      if (rival === undefined) return [];
      const message = `Cannot tell which write to channel "${name}" is the last: "${rival.id}" and "${writer.id}" have no order`;
      return [problem('unordered-writers', writer.pointer, message)];
    });
  });
}

/** Two steps are ordered where their ways from the outermost block part: by the plan, or as branches of one choice. */
function areOrdered(a: StepPlace, b: StepPlace): boolean {
  const wayToA = wayTo(a);
  const wayToB = wayTo(b);
  for (const [depth, here] of wayToA.entries()) {
    const there = wayToB[depth];
    if (there === undefined) return true;
    if (here.block.pointer !== there.block.pointer) return true;
    if (here.step === there.step) continue;
    const { plan } = here.block;
    return plan.isBefore(here.step, there.step) || plan.isBefore(there.step, here.step);
  }
  return true;
}

function wayTo({ id, block }: StepPlace): { block: CheckedBlock; step: string }[] {
  const way = [{ block, step: id }];
  for (let parent = block.parent; parent !== undefined; parent = parent.block.parent) {
    way.unshift(parent);
  }
  return way;
}
