import { z } from 'zod';
import type {
  Binding,
  Block,
  Condition,
  FlowDefinition,
  From,
  Json,
  JsonSchema,
  Policy,
  Step,
  Steps,
} from './flow-definition.ts';

/** Words that start a path and so can't name a step. */
export const reservedIds = ['input', 'item', 'index', 'loop', 'run', 'channels'] as const;

/** Text of a form; the words say what was expected, for the checker's sentences. */
function textLike(pattern: RegExp, expected: string) {
  return z.string().regex(pattern, { error: expected });
}

const optional = <T extends z.ZodType>(schema: T) => z.exactOptional(schema);

const id = textLike(/^[a-z][A-Za-z0-9_]{0,62}$/, 'an id such as "cutOut"')
  .refine((text) => !(reservedIds as readonly string[]).includes(text), {
    error: `an id, which ${reservedIds.join(', ')} are not`,
  })
  .meta({ id: 'id', not: { enum: [...reservedIds] } });
const queue = textLike(/^[a-z][a-z0-9-]{0,62}$/, 'a lane such as "cpu"').meta({ id: 'queue' });
const duration = textLike(/^\d{1,9}(ms|s|m|h|d)$/, 'a duration such as "30s" or "2h"').meta({
  id: 'duration',
});
/** What takes no time at all would never happen, or at once and without end. */
const period = textLike(
  /^0*[1-9]\d{0,8}(ms|s|m|h|d)$/,
  'a duration above zero such as "30s" or "2h"',
).meta({ id: 'period' });
const priority = z.int().min(1).max(5).meta({ id: 'priority' });
const count = z.int().min(1);
const jsonSchema = z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonSchema>;
const json = z.unknown() as z.ZodType<Json>;

const path = textLike(
  /^[a-z][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*|\[\d{1,9}\])*$/,
  'a path such as "download.images[0].key"',
).meta({ id: 'path' });

const binding = z
  .lazy(() =>
    z.union([
      from,
      text,
      verbatim,
      z.string(),
      z.number(),
      z.boolean(),
      z.null(),
      z.array(binding),
      z.record(z.string().regex(/^[^$]|^$/), binding),
    ]),
  )
  .meta({ id: 'binding' }) as z.ZodType<Binding>;

const from: z.ZodType<From> = z
  .strictObject({ $from: path, or: optional(binding) })
  .meta({ id: 'from' });
const text = z
  .strictObject({ $text: z.array(z.union([z.string(), z.number(), from])).min(1) })
  .meta({ id: 'text' });
const verbatim = z.strictObject({ $value: json }).meta({ id: 'value' });

const pair = z.tuple([binding, binding]).meta({ id: 'pair' });
const condition = z
  .lazy(() =>
    z.union([
      z.strictObject({ eq: pair }),
      z.strictObject({ ne: pair }),
      z.strictObject({ lt: pair }),
      z.strictObject({ le: pair }),
      z.strictObject({ gt: pair }),
      z.strictObject({ ge: pair }),
      z.strictObject({ in: pair }),
      z.strictObject({ exists: from }),
      z.strictObject({ and: z.array(condition).min(1) }),
      z.strictObject({ or: z.array(condition).min(1) }),
      z.strictObject({ not: condition }),
    ]),
  )
  .meta({ id: 'condition' }) as z.ZodType<Condition>;

const policy: z.ZodType<Policy> = z
  .union(
    [
      z.enum(['strict', 'bestEffort']),
      z.strictObject({ atLeast: z.union([z.int().min(0), textLike(/^(100|\d{1,2})%$/, '')]) }),
      z.strictObject({ critical: z.array(id).min(1) }),
    ],
    { error: '"strict", "bestEffort", {"atLeast": 3 or "90%"} or {"critical": ["id"]}' },
  )
  .meta({ id: 'policy' });

const retry = z
  .strictObject({
    attempts: optional(count),
    first: optional(period),
    factor: optional(z.number().min(1)),
    max: optional(period),
    except: optional(z.array(z.string())),
  })
  .meta({ id: 'retry' });

const taskSettings = {
  queue: optional(queue),
  timeout: optional(period),
  retry: optional(retry),
  cache: optional(z.boolean()),
  priority: optional(priority),
};

/** The parts of a definition that nest: the schema of the format holds them, the checker walks them itself. */
interface NestingParts {
  binding: z.ZodType<Binding>;
  from: z.ZodType<From>;
  condition: z.ZodType<Condition>;
  steps: z.ZodType<Steps>;
  block: z.ZodType<Block>;
}

function createStepSchemas({ binding, from, condition, steps, block }: NestingParts) {
  const base = {
    title: optional(z.string()),
    after: optional(z.array(id)),
    on: optional(z.enum(['success', 'failure', 'always'])),
    if: optional(condition),
    timeout: optional(period),
    routes: optional(z.record(z.string(), id)),
  };
  const group = { policy: optional(policy), failFast: optional(z.boolean()) };
  return {
    task: z.strictObject({
      ...base,
      ...taskSettings,
      task: textLike(/^[a-z][a-z0-9.-]*@\d+$/, 'a task such as "image.resize@2"'),
      with: optional(binding),
    }),
    parallel: z.strictObject({ ...base, ...group, parallel: steps }),
    map: z.strictObject({
      ...base,
      ...group,
      map: z.strictObject({
        over: from,
        key: optional(binding),
        concurrency: optional(count),
        batch: optional(count),
        do: block,
      }),
    }),
    choose: z.strictObject({
      ...base,
      choose: z.array(z.strictObject({ name: id, if: optional(condition), do: block })).min(1),
    }),
    repeat: z.strictObject({
      ...base,
      repeat: z.strictObject({
        start: optional(binding),
        do: block,
        until: condition,
        max: count,
      }),
    }),
    approve: z.strictObject({
      ...base,
      approve: z.strictObject({
        title: z.string(),
        show: optional(z.array(binding)),
        form: optional(jsonSchema),
        roles: optional(z.array(z.string())),
        within: optional(period),
        otherwise: optional(z.enum(['reject', 'approve', 'fail'])),
      }),
    }),
    wait: z.strictObject({
      ...base,
      wait: z.union(
        [
          z.strictObject({ for: duration }),
          z.strictObject({ until: binding }),
          z.strictObject({ signal: z.string().min(1), within: optional(period) }),
        ],
        { error: '{"for": "5m"}, {"until": time} or {"signal": "name"}' },
      ),
    }),
    flow: z.strictObject({
      ...base,
      flow: textLike(/^[a-z][a-z0-9-]*@\d+$/, 'a flow such as "ingestion@1"'),
      with: optional(binding),
      detached: optional(z.boolean()),
    }),
  } as const;
}

function createDefinitionSchema({ binding, steps }: NestingParts) {
  return z.strictObject({
    $schema: optional(z.string()),
    flow: z.literal('1'),
    name: textLike(/^[a-z][a-z0-9-]{0,62}$/, 'a name such as "remove-backgrounds"'),
    version: textLike(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, 'a version such as "1.0.0"'),
    title: optional(z.string()),
    description: optional(z.string()),
    labels: optional(z.record(z.string(), z.string())),
    input: optional(jsonSchema),
    output: optional(binding),
    defaults: optional(z.strictObject(taskSettings)),
    limits: optional(
      z.strictObject({
        maxSteps: optional(count),
        maxItems: optional(count),
        timeout: optional(period),
      }),
    ),
    channels: optional(
      z.record(
        id,
        z.strictObject({
          merge: z.enum(['last', 'append', 'sum', 'min', 'max', 'union']),
          schema: optional(jsonSchema),
          initial: optional(json),
        }),
      ),
    ),
    search: optional(
      z.record(
        textLike(/^[A-Z][A-Za-z0-9]{0,62}$/, 'a search attribute such as "ImageType"'),
        binding,
      ),
    ),
    steps,
  });
}

const steps = z
  .record(
    id,
    z.lazy(() => step),
  )
  .meta({ id: 'steps', minProperties: 1 });
const block = z
  .lazy(() => z.strictObject({ steps, output: optional(binding) }))
  .meta({ id: 'block' }) as z.ZodType<Block>;
const whole: NestingParts = { binding, from, condition, steps, block };
const kinds = createStepSchemas(whole);
const step: z.ZodType<Step> = z
  .union([
    kinds.task,
    kinds.parallel,
    kinds.map,
    kinds.choose,
    kinds.repeat,
    kinds.approve,
    kinds.wait,
    kinds.flow,
  ])
  .meta({ id: 'step' });

/** The format of a flow definition, whole: the published JSON Schema is made from it. */
export const flowDefinitionSchema: z.ZodType<FlowDefinition> = createDefinitionSchema(whole);

const anything = z.unknown() as unknown as z.ZodType<never>;
const anyObject = z.record(z.string(), z.unknown()) as unknown as z.ZodType<never>;
const shallow: NestingParts = {
  binding: anything,
  from: anything,
  condition: anything,
  steps: anyObject,
  block: anyObject,
};

/** The same format without what nests, so that the checker can say what is wrong with one step alone. */
export const shallowDefinitionSchema = createDefinitionSchema(shallow);

/** As `shallowDefinitionSchema`, for one step by its kind. */
export const shallowStepSchemas = createStepSchemas(shallow);

/** As `shallowDefinitionSchema`, for the `do` of a map, a branch or an iteration. */
export const shallowBlockSchema = z.strictObject({
  steps: anyObject,
  output: optional(anything),
});

/** The form of an id of a step, which the checker asks of every key of `steps`. */
export const stepIdSchema = id;

/** The form of a path of a reference. */
export const pathSchema = path;
