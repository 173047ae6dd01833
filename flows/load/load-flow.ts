import type { Catalogue } from '../../contracts/flow-catalogue.ts';
import { type CheckedFlow, checkFlow } from '../check/check-flow.ts';
import { problem } from '../check/problem.ts';
import { readJsonText } from './json-text.ts';

/** Reads a definition from the text of a file and checks it; problems carry line and column. */
export function loadFlow(text: string, catalogue: Catalogue): CheckedFlow {
  const read = readJsonText(text);
  const inText = read.problems.map(({ code, pointer, message, position }) => ({
    ...problem(code, pointer, message),
    ...position,
  }));
  if (read.value === undefined) return { problems: inText };
  const checked = checkFlow(read.value, catalogue, (pointer) => read.positionOf(pointer));
  return inText.length === 0 ? checked : { problems: [...inText, ...checked.problems] };
}
