import type { Steps } from '../../contracts/flow-definition.ts';
import type { BlockPlan } from '../model/block-plan.ts';
import { parsePath } from '../model/path.ts';
import { partShape, type Shape, unknownShape } from './shape.ts';

/** One block under check: its steps, what surrounds it, and what is known of the values in it. */
export interface CheckedBlock {
  readonly steps: Steps;
  readonly plan: BlockPlan;
  /** JSON Pointer of the steps. */
  readonly pointer: string;
  /** The block around this one, and the step of it that holds this one. */
  readonly parent?: { readonly block: CheckedBlock; readonly step: string };
  readonly branch?: string;
  readonly isInMap: boolean;
  /** Roots of paths that are no steps: `input`, and `item` or `loop` where they exist. */
  readonly roots: ReadonlyMap<string, Shape>;
  /** Filled in the order of the plan, so that what a step reads is there before it. */
  readonly shapes: Map<string, Shape>;
}

/** A step or an output that reads something: `step` is absent for the output of the block. */
export interface Reader {
  readonly block: CheckedBlock;
  readonly step?: string;
}

/** Where a path leads. */
export interface Resolved {
  readonly shape: Shape;
  /** The step that the path starts at, in the block that holds it, and who reads it there. */
  readonly source?: { readonly step: string; readonly reader: Reader };
}

/** The name at the start of a path is not in scope, or a part of the path is not there. */
export interface Unresolved {
  readonly failed: 'root' | 'part';
  /** The word that is not known. */
  readonly word: string;
  /** The path up to that word. */
  readonly owner: string;
  readonly known: readonly string[];
}

/** Follows a path through scopes and shapes, from the innermost block outwards. */
export function resolvePath(path: string, reader: Reader): Resolved | Unresolved {
  const { root, rest } = parsePath(path);
  const start = resolveRoot(root, reader);
  if (start === undefined) {
    return { failed: 'root', word: root, owner: '', known: namesInScope(reader) };
  }
  let shape = start.shape;
  let owner = root;
  for (const part of rest) {
    const next = partShape(shape, part);
    if (next === undefined) {
      const known = typeof part === 'string' ? fieldsOf(shape) : [];
      return { failed: 'part', word: String(part), owner, known };
    }
    shape = next;
    owner += typeof part === 'number' ? `[${part}]` : `.${part}`;
  }
  return { ...start, shape };
}

export function isUnresolved(found: Resolved | Unresolved): found is Unresolved {
  return 'failed' in found;
}

/** Every name that a path may start with, as seen by a reader. */
export function namesInScope(reader: Reader): string[] {
  const { block } = reader;
  const own = [...block.roots.keys(), ...block.plan.ids.filter((id) => id !== reader.step)];
  if (block.parent === undefined) return own;
  const { block: outer, step } = block.parent;
  return [...own, ...namesInScope({ block: outer, step })];
}

function resolveRoot(root: string, reader: Reader): Resolved | undefined {
  const { block } = reader;
  const fixed = block.roots.get(root);
  if (fixed !== undefined) return { shape: fixed };
  if (Object.hasOwn(block.steps, root)) {
    return { shape: block.shapes.get(root) ?? unknownShape, source: { step: root, reader } };
  }
  if (block.parent === undefined) return undefined;
  return resolveRoot(root, { block: block.parent.block, step: block.parent.step });
}

function fieldsOf(shape: Shape): string[] {
  return shape.forms.flatMap(({ schema }) => Object.keys((schema['properties'] ?? {}) as object));
}
