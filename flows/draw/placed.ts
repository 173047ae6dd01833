import type { GraphEdge, GraphNode } from '../model/graph.ts';
import type { StepState } from '../model/step-record.ts';

/** Lengths are pixels, x grows to the right and y down. */

/** A line of text, from the left edge of its box and down to its base line. */
export interface PlacedLine {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly kind: 'name' | 'words' | 'state';
}

/** A step or a branch with all that is in it; the place of a box is its top left corner in the box around it. */
export interface PlacedBox {
  readonly path: string;
  readonly kind: GraphNode['kind'] | 'branch';
  readonly state?: StepState;
  /** All that its lines say, unshortened. */
  readonly words: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly PlacedLine[];
  /** Absent for what is not drawn as a group. */
  readonly inner?: PlacedBlock;
}

/** A way, with the corners of its line, in the coordinates of its block. */
export interface PlacedEdge extends GraphEdge {
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Middle of its label. */
  readonly labelAt?: { readonly x: number; readonly y: number };
}

/** The boxes of one block; its place is in the box around it. */
export interface PlacedBlock {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly edges: readonly PlacedEdge[];
}

/** A box that has no place yet. */
export type BoxSize = Omit<PlacedBox, 'x' | 'y'>;
