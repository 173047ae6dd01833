import type { Binding, From, Json, Text, Verbatim } from '../../contracts/flow-definition.ts';
import { follow, parsePath } from './path.ts';

/** What the first word of a path stands for, at one place of a run. `undefined` is absent. */
export type Scope = (root: string) => unknown;

/** A binding that has no value to give, though no `or` allows for that. */
export class MissingValue extends Error {
  readonly path: string;

  constructor(path: string, message = `Cannot read "${path}" as it is absent and has no "or"`) {
    super(message);
    this.path = path;
  }
}

/**
 * The value of a binding, or `undefined` when it is a reference to something absent.
 *
 * A member of an object that is absent is left out, as an optional field would be.
 *
 * @throws {MissingValue} when an item of a list, or a piece of text, is absent.
 */
export function evaluate(binding: Binding, scope: Scope): Json | undefined {
  if (typeof binding !== 'object' || binding === null) return binding;
  if (isList(binding)) return binding.map((item) => evaluatePresent(item, scope));
  if (isFrom(binding)) return evaluateFrom(binding, scope);
  if (isText(binding)) return binding.$text.map((piece) => evaluatePiece(piece, scope)).join('');
  if (isVerbatim(binding)) return binding.$value;
  const members = Object.entries(binding)
    .map(([key, member]) => [key, evaluate(member, scope)] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(members) as Json;
}

function evaluateFrom({ $from, or }: From, scope: Scope): Json | undefined {
  const { root, rest } = parsePath($from);
  const value = follow(scope(root), rest) as Json | undefined;
  return value === undefined && or !== undefined ? evaluate(or, scope) : value;
}

function evaluatePresent(item: Binding, scope: Scope): Json {
  const value = evaluate(item, scope);
  if (value === undefined) throw new MissingValue((item as From).$from);
  return value;
}

function evaluatePiece(piece: string | number | From, scope: Scope): string {
  if (typeof piece !== 'object') return String(piece);
  const value = evaluatePresent(piece, scope);
  if (typeof value !== 'object') return String(value);
  const found = value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object';
  throw new MissingValue(piece.$from, `Cannot put "${piece.$from}" into text: found ${found}`);
}

export function isFrom(binding: Binding): binding is From {
  return isObject(binding) && Object.hasOwn(binding, '$from');
}

export function isText(binding: Binding): binding is Text {
  return isObject(binding) && Object.hasOwn(binding, '$text');
}

export function isVerbatim(binding: Binding): binding is Verbatim {
  return isObject(binding) && Object.hasOwn(binding, '$value');
}

/** As `Array.isArray`, which does not narrow lists that are read-only. */
export function isList(binding: Binding): binding is readonly Binding[] {
  return Array.isArray(binding);
}

function isObject(binding: Binding): binding is Exclude<Binding, null | string | number | boolean> {
  return typeof binding === 'object' && binding !== null;
}
