import type { Channel, Json } from '../../contracts/flow-definition.ts';
import type { ChannelWrite } from '../../contracts/flow-results.ts';
import { isEqualJson } from './equality.ts';

type Channels = Readonly<Record<string, Channel>>;

/** Writes by channel, in order, shortened as far as the merge allows. */
export type ChannelParts = Readonly<Record<string, readonly Json[]>>;

/** The writes of a task by channel. @throws {RangeError} for a channel that the flow does not declare. */
export function partsOf(writes: readonly ChannelWrite[], channels: Channels): ChannelParts {
  const parts: Record<string, Json[]> = {};
  for (const { channel, value } of writes) {
    if (!Object.hasOwn(channels, channel)) {
      throw new RangeError(`Cannot write channel "${channel}": the flow declares no such channel`);
    }
    (parts[channel] ??= []).push(value);
  }
  return shorten(parts, channels);
}

/**
 * Writes of several steps as one, in the order given. That order is the order of the plan and never
 * that of completion, so that every run comes to the same value.
 */
export function joinParts(
  sources: readonly (ChannelParts | undefined)[],
  channels: Channels,
): ChannelParts {
  const joined: Record<string, Json[]> = {};
  for (const parts of sources) {
    for (const [name, values] of Object.entries(parts ?? {})) {
      (joined[name] ??= []).push(...values);
    }
  }
  return shorten(joined, channels);
}

/** The values that readers see: each channel's start with its writes merged into it. */
export function channelValues(parts: ChannelParts, channels: Channels): Record<string, Json> {
  const values = Object.entries(channels).flatMap(([name, channel]) => {
    const value = valueOf(channel, parts[name] ?? []);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(values);
}

function valueOf({ merge, initial }: Channel, writes: readonly Json[]): Json | undefined {
  if (merge === 'append' || merge === 'union') {
    const all = [...((initial ?? []) as readonly Json[]), ...writes];
    return merge === 'append' ? all : distinct(all);
  }
  const all = initial === undefined ? writes : [initial, ...writes];
  if (merge === 'sum') return all.reduce<number>((sum, value) => sum + Number(value), 0);
  return fold(merge, all);
}

function shorten(
  parts: Readonly<Record<string, readonly Json[]>>,
  channels: Channels,
): ChannelParts {
  return Object.fromEntries(
    Object.entries(parts).map(([name, values]) => {
      const { merge } = channels[name]!;
      if (merge === 'append') return [name, values];
      if (merge === 'union') return [name, distinct(values)];
      if (merge === 'sum')
        return [name, [values.reduce<number>((sum, value) => sum + Number(value), 0)]];
      const value = fold(merge, values);
      return [name, value === undefined ? [] : [value]];
    }),
  );
}

function fold(merge: 'last' | 'min' | 'max', values: readonly Json[]): Json | undefined {
  if (merge === 'last' || values.length === 0) return values.at(-1);
  const isBetter = (a: Json, b: Json) => (merge === 'min' ? a! < b! : a! > b!);
  return values.reduce((best, value) => (isBetter(value, best) ? value : best));
}

function distinct(values: readonly Json[]): Json[] {
  const found: Json[] = [];
  for (const value of values) {
    if (!found.some((other) => isEqualJson(other, value))) found.push(value);
  }
  return found;
}
