import type { Binding, FlowDefinition } from '../../contracts/flow-definition.ts';
import { reservedIds } from '../../contracts/flow-schema.ts';
import { sitesOf } from '../../flows/edit/find-step.ts';
import { WrongUsage } from '../exit-codes.ts';

/** `width=320`, `name=text`, or `image=$fetch` for what a step gives. */
export function fieldOf(text: string): [string, Binding] {
  const at = text.indexOf('=');
  if (at < 1) throw new WrongUsage(`Cannot read "${text}": write field=value, or field=$step`);
  const [field, value] = [text.slice(0, at), text.slice(at + 1)];
  if (/^\$[a-z]/.test(value)) return [field, { $from: value.slice(1) }];
  const json = jsonIn(value);
  return [field, json === undefined ? value : (json as Binding)];
}

/** The last word of a task's name: `resize` of `image.resize@1`. */
export function idOf(task: string): string {
  const [name = ''] = task.split('@');
  const plain = name
    .split('.')
    .at(-1)!
    .replaceAll(/[^A-Za-z0-9_]/g, '_')
    .replace(/^[^a-z]+/, '');
  return plain === '' || (reservedIds as readonly string[]).includes(plain) ? 'step' : plain;
}

/** No step inside or around may have the same id. */
export function freeId(task: string, definition: FlowDefinition): string {
  const taken = new Set([...sitesOf(definition).values()].map(({ id }) => id));
  const id = idOf(task);
  if (!taken.has(id)) return id;
  for (let count = 2; ; count++) {
    if (!taken.has(`${id}${count}`)) return `${id}${count}`;
  }
}

/** What a text says as JSON; nothing when it is just a text. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
