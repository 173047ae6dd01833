import type { StepState } from '../model/step-record.ts';

/** Colors of a state: on a light page, and on a dark one. */
export interface StateColors {
  readonly fill: string;
  readonly stroke: string;
  readonly darkFill: string;
  readonly darkStroke: string;
  /** Whether the outline is dashed. */
  readonly isDashed?: boolean;
  /** Color of the text, where it steps back. */
  readonly text?: string;
}

/** One set of colors for every drawing. What only waits has none. */
export const stateColors: Readonly<Partial<Record<StepState, StateColors>>> = {
  running: { fill: '#cfe2ff', stroke: '#0b5ed7', darkFill: '#10305c', darkStroke: '#6ea8fe' },
  done: { fill: '#d1e7dd', stroke: '#146c43', darkFill: '#123825', darkStroke: '#75b798' },
  reused: {
    fill: '#d1e7dd',
    stroke: '#146c43',
    darkFill: '#123825',
    darkStroke: '#75b798',
    isDashed: true,
  },
  skipped: {
    fill: '#e9ecef',
    stroke: '#6c757d',
    darkFill: '#2b3035',
    darkStroke: '#8a939b',
    text: '#6c757d',
  },
  failed: { fill: '#f8d7da', stroke: '#b02a37', darkFill: '#4c1a20', darkStroke: '#ea868f' },
  cancelled: { fill: '#fff3cd', stroke: '#997404', darkFill: '#423408', darkStroke: '#ffda6a' },
};
