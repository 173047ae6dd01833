import type { z } from 'zod';
import {
  shallowBlockSchema,
  shallowDefinitionSchema,
  shallowStepSchemas,
  stepIdSchema,
} from '../../contracts/flow-schema.ts';
import { pointerTo } from '../load/json-text.ts';
import { checkBindingForm, checkConditionForm, checkFromForm } from './binding-form.ts';
import { describe, explainIssues } from './explain-issue.ts';
import { problem, type Problem } from './problem.ts';
import { checkSchemaForm } from './schema-form.ts';

type Fields = Readonly<Record<string, unknown>>;
type Kind = keyof typeof shallowStepSchemas;

const kinds = Object.keys(shallowStepSchemas) as Kind[];

/**
 * The form of a definition, step by step.
 *
 * The schema of the format would answer with eight alternatives for one misspelled field of a step;
 * here the key that names the kind decides which one is explained.
 */
export function checkStructure(value: unknown): Problem[] {
  if (!isObject(value)) {
    const found = `an object is needed, found ${describe(value)}`;
    return [problem('wrong-value', '', `Cannot read the definition: ${found}`)];
  }
  const search = isObject(value['search']) ? value['search'] : {};
  return [
    ...checkAgainst(shallowDefinitionSchema, value, ''),
    ...checkOptional(value, 'output', '', checkBindingForm),
    ...checkOptional(value, 'input', '', checkSchemaForm),
    ...checkChannelSchemas(value['channels']),
    ...Object.keys(search).flatMap((key) =>
      checkOptional(search, key, '/search', checkBindingForm),
    ),
    ...checkSteps(value['steps'], '/steps'),
  ];
}

function checkChannelSchemas(channels: unknown): Problem[] {
  if (!isObject(channels)) return [];
  return Object.entries(channels).flatMap(([name, channel]) =>
    isObject(channel)
      ? checkOptional(channel, 'schema', pointerTo('/channels', name), checkSchemaForm)
      : [],
  );
}

function checkSteps(steps: unknown, pointer: string): Problem[] {
  if (!isObject(steps)) return [];
  if (Object.keys(steps).length === 0) {
    return [problem('missing-field', pointer, 'Cannot run no steps: at least one is needed')];
  }
  return Object.entries(steps).flatMap(([id, step]) => {
    const place = pointerTo(pointer, id);
    const refused = stepIdSchema.safeParse(id).error?.issues[0]?.message;
    const named =
      refused === undefined
        ? []
        : [problem('wrong-value', place, `Cannot name a step "${id}": ${refused} is needed`)];
    return [...named, ...checkStep(step, place)];
  });
}

function checkStep(step: unknown, pointer: string): Problem[] {
  if (!isObject(step)) {
    const found = `an object is needed, found ${describe(step)}`;
    return [problem('wrong-value', pointer, `Cannot read the step: ${found}`)];
  }
  const present = kinds.filter((kind) => Object.hasOwn(step, kind));
  const [kind, other] = present;
  if (kind === undefined) {
    const keys = Object.keys(step);
    const message = `Cannot tell the kind of the step: one of ${kinds.join(', ')} is needed`;
    const found = keys.find((key) => !Object.hasOwn(shallowStepSchemas.task.shape, key)) ?? '';
    return [problem('no-kind', pointer, message, { found, known: kinds })];
  }
  if (other !== undefined) {
    const message = `Cannot tell the kind of the step: found ${present.map((key) => `"${key}"`).join(' and ')}`;
    return [problem('several-kinds', pointer, message)];
  }
  return [
    ...checkAgainst(shallowStepSchemas[kind], step, pointer),
    ...checkOptional(step, 'if', pointer, checkConditionForm),
    ...checkKind(kind, step, pointer),
  ];
}

function checkKind(kind: Kind, step: Fields, pointer: string): Problem[] {
  const inner = step[kind];
  const place = pointerTo(pointer, kind);
  if (kind === 'task' || kind === 'flow') {
    return checkOptional(step, 'with', pointer, checkBindingForm);
  }
  if (kind === 'parallel') return checkSteps(inner, place);
  if (kind === 'choose') return checkBranches(inner, place);
  if (!isObject(inner)) return [];
  switch (kind) {
    case 'map':
      return [
        ...checkOptional(inner, 'over', place, checkFromForm),
        ...checkOptional(inner, 'key', place, checkBindingForm),
        ...checkBlock(inner['do'], `${place}/do`),
      ];
    case 'repeat':
      return [
        ...checkOptional(inner, 'start', place, checkBindingForm),
        ...checkOptional(inner, 'until', place, checkConditionForm),
        ...checkBlock(inner['do'], `${place}/do`),
      ];
    case 'approve':
      return [
        ...checkOptional(inner, 'show', place, checkBindingForm),
        ...checkOptional(inner, 'form', place, checkSchemaForm),
      ];
    case 'wait':
      return checkOptional(inner, 'until', place, checkBindingForm);
  }
}

function checkBranches(branches: unknown, pointer: string): Problem[] {
  if (!Array.isArray(branches)) return [];
  return branches.flatMap((branch: unknown, place) => {
    if (!isObject(branch)) return [];
    return [
      ...checkOptional(branch, 'if', pointerTo(pointer, place), checkConditionForm),
      ...checkBlock(branch['do'], `${pointerTo(pointer, place)}/do`),
    ];
  });
}

function checkBlock(block: unknown, pointer: string): Problem[] {
  if (!isObject(block)) return [];
  return [
    ...checkAgainst(shallowBlockSchema, block, pointer),
    ...checkOptional(block, 'output', pointer, checkBindingForm),
    ...checkSteps(block['steps'], `${pointer}/steps`),
  ];
}

function checkAgainst(schema: z.ZodObject, value: Fields, pointer: string): Problem[] {
  const { error } = schema.safeParse(value);
  return error === undefined
    ? []
    : explainIssues(error.issues, value, pointer, Object.keys(schema.shape));
}

function checkOptional(
  fields: Fields,
  key: string,
  pointer: string,
  check: (value: unknown, pointer: string) => Problem[],
): Problem[] {
  return Object.hasOwn(fields, key) ? check(fields[key], pointerTo(pointer, key)) : [];
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
