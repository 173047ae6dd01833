import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { readableJson } from './readable-json.ts';

/** One change of a document: a value that a path has from now on, or none. */
export interface Change {
  readonly path: readonly (string | number)[];
  /** Absent: the member is taken out. */
  readonly value?: unknown;
}

/**
 * Changes a JSON text member by member. All else stays as a person wrote it, to the space.
 *
 * @throws {RangeError} when a path leads nowhere.
 */
export function changeText(text: string, changes: readonly Change[]): string {
  return changes.reduce(changeOnce, text);
}

function changeOnce(text: string, { path, value }: Change): string {
  const root = parseTree(text);
  const found = root && findNodeAtLocation(root, [...path]);
  if (value === undefined) return found === undefined ? text : takeOut(text, found);
  if (found !== undefined) return replace(text, found, value);
  const around = root && findNodeAtLocation(root, path.slice(0, -1));
  if (around?.type !== 'object') {
    throw new RangeError(`Cannot change "/${path.join('/')}" as there is no object around it`);
  }
  return putIn(text, around, String(path.at(-1)), value);
}

function replace(text: string, { offset, length }: Node, value: unknown): string {
  const indent = indentAt(text, offset);
  const before = offset - lineStart(text, offset) - indent.length;
  const words = readableJson(value, indent, indentStep(text), before);
  return text.slice(0, offset) + words + text.slice(offset + length);
}

/** Takes a member out with the comma and the space that it no longer needs. */
function takeOut(text: string, value: Node): string {
  const member = value.parent!.type === 'property' ? value.parent! : value;
  const siblings = member.parent!.children!;
  const place = siblings.indexOf(member);
  const [before, after] = [siblings[place - 1], siblings[place + 1]];
  if (before !== undefined) return cut(text, endOf(before), endOf(member));
  if (after !== undefined) return cut(text, member.offset, after.offset);
  return cut(text, member.parent!.offset + 1, endOf(member.parent!) - 1);
}

function putIn(text: string, around: Node, key: string, value: unknown): string {
  const { children = [], offset } = around;
  const last = children.at(-1);
  const indent = indentAt(text, offset);
  const step = indentStep(text);
  const name = `${JSON.stringify(key)}: `;
  if (last === undefined) {
    const inner = name + readableJson(value, indent + step, step, name.length);
    return `${text.slice(0, offset)}{\n${indent}${step}${inner}\n${indent}}${text.slice(endOf(around))}`;
  }
  const isOnOneLine = !text.slice(offset, last.offset).includes('\n');
  const own = isOnOneLine ? indent : indentAt(text, last.offset);
  const before = isOnOneLine ? endOf(last) - lineStart(text, offset) : 0;
  const member = name + readableJson(value, own, step, before + name.length + 1);
  const gap = isOnOneLine ? ' ' : `\n${own}`;
  return `${text.slice(0, endOf(last))},${gap}${member}${text.slice(endOf(last))}`;
}

function cut(text: string, from: number, to: number): string {
  return text.slice(0, from) + text.slice(to);
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))![0];
}

/** By how much the text indents: as its first indented line does. */
function indentStep(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
}
