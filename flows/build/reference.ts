import type { Binding, From, Json, Text, Verbatim } from '../../contracts/flow-definition.ts';
import { formatPath, type Path } from '../model/path.ts';
import type { Bindable, Held, Ref } from './reference-types.ts';

/** What each stand-in says when it is written into a definition. */
const meanings = new WeakMap<object, From | Text | Verbatim>();

/** A reference that answers only its path: any other use of it throws while the flow is built. */
export function createReference<T>(path: Path): Ref<T> {
  const name = formatPath(path);
  const refuse = (use: string): never => {
    throw new TypeError(
      `Cannot ${use} "${name}" while the flow is built: it stands for a value of the run`,
    );
  };
  const reference = new Proxy(Object.create(null) as object, {
    get(_, key) {
      if (typeof key === 'symbol')
        return refuse(key === Symbol.iterator ? 'iterate over' : 'print');
      const part = /^\d+$/.test(key) ? Number(key) : key;
      return createReference({ root: path.root, rest: [...path.rest, part] });
    },
    ownKeys: () => refuse('spread'),
    getOwnPropertyDescriptor: () => refuse('spread'),
    has: () => refuse('look into'),
    set: () => refuse('assign to'),
  });
  meanings.set(reference, { $from: name });
  return reference as Ref<T>;
}

/** Gives a value to read when the reference is absent. */
export function orElse<T>(
  reference: Held<T>,
  fallback: Bindable<NoInfer<Exclude<T, undefined>>>,
): Held<Exclude<T, undefined>> {
  const meaning = meanings.get(reference);
  if (meaning === undefined || !('$from' in meaning)) {
    throw new TypeError('Cannot give a value for the absence of what is no reference');
  }
  return standIn({ ...meaning, or: toBinding(fallback) });
}

/** Puts pieces together: the only way to build text in a flow. */
export function text(
  ...pieces: readonly (string | number | Held<string | number | boolean>)[]
): Held<string> {
  return standIn({
    $text: pieces.map((piece) => toBinding(piece) as string | number | From),
  });
}

/** A value taken as it stands, with no reference looked for in it. */
export function verbatim<const T>(value: T): Held<T> {
  return standIn({ $value: value as Json });
}

/** What the function of a binding returned, as it stands in the definition. */
export function toBinding(value: unknown): Binding {
  if (typeof value !== 'object' || value === null) return value as Binding;
  const meaning = meanings.get(value);
  if (meaning !== undefined) return meaning;
  if (Array.isArray(value)) return value.map(toBinding);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.some(([key]) => key.startsWith('$'))) return { $value: value as Json };
  return Object.fromEntries(members.map(([key, member]) => [key, toBinding(member)]));
}

function standIn<T>(meaning: From | Text | Verbatim): Held<T> {
  const made = Object.freeze(Object.create(null) as object);
  meanings.set(made, meaning);
  return made as Held<T>;
}
