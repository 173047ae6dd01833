import type { z } from 'zod';
import type { FlowDefinition, Merge, TaskSettings } from '../../contracts/flow-definition.ts';
import { channelsOf, FlowBuilder, present } from './flow-builder.ts';
import type { CallableFlow, Flow } from './flow-types.ts';
import type { Ref } from './reference-types.ts';
import { schemaOf } from './task.ts';

interface ChannelOptions {
  readonly merge: Merge;
  /** Type of one write. */
  readonly schema?: z.ZodType;
  readonly initial?: unknown;
}

type Channels = Readonly<Record<string, ChannelOptions>>;

type ValuesOf<C extends Channels> = {
  readonly [Name in keyof C]: C[Name] extends { readonly schema: infer S extends z.ZodType }
    ? C[Name]['merge'] extends 'append' | 'union'
      ? readonly z.output<S>[]
      : z.output<S>
    : unknown;
};

/** What `defineFlow` is told beside the name. */
export interface FlowOptions<In extends z.ZodType, C extends Channels> {
  /** Semantic version of this flow. */
  readonly version: string;
  readonly input: In;
  readonly title?: string;
  readonly description?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly defaults?: TaskSettings;
  readonly limits?: FlowDefinition['limits'];
  readonly channels?: C;
}

type FlowInput<In extends z.ZodType> = z.output<In>;

/**
 * Starts a flow. The calls after it add steps; `definition` is what they come to.
 *
 * @example
 * defineFlow('thumbs', { version: '1.0.0', input: z.object({ image: Image }) })
 *   .then('small', resize, (s) => ({ image: s.input.image, width: 200 }));
 */
export function defineFlow<In extends z.ZodType, const C extends Channels = Record<never, never>>(
  name: string,
  options: FlowOptions<In, C>,
): Flow<FlowInput<In>, unknown, FlowInput<In>, { readonly channels: Ref<ValuesOf<C>> }> {
  const head = headOf(name, options);
  const roots = ['input', 'run', 'channels'];
  const builder = new FlowBuilder({ head, steps: {}, open: [], last: 'input', roots });
  // The builder knows no types: they live in the interface alone.
  return builder as unknown as ReturnType<typeof defineFlow<In, C>>;
}

/** The part of a definition that stands above its steps. */
export function headOf(
  name: string,
  options: FlowOptions<z.ZodType, Channels>,
): Omit<FlowDefinition, 'steps'> {
  const { version, input, title, description, labels, defaults, limits, channels } = options;
  return present({
    flow: '1' as const,
    name,
    version,
    title,
    description,
    labels,
    input: schemaOf(input, 'input'),
    defaults,
    limits,
    channels: channels && channelsOf(channels),
  }) as Omit<FlowDefinition, 'steps'>;
}

/** A flow that is defined elsewhere, for flows that call it by name and major version. */
export function declareFlow<Input, Output>(name: string): CallableFlow<Input, Output> {
  const [flow = '', major = '1'] = name.split('@');
  const definition: FlowDefinition = {
    flow: '1',
    name: flow,
    version: `${major}.0.0`,
    steps: {},
  };
  return { definition, block: definition, toJSON: () => definition };
}
