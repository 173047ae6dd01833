import { type SearchAttributePair, SearchAttributeType } from '@temporalio/common';
import type { FlowDefinition, Json } from '../../contracts/flow-definition.ts';
import type { RunFacts } from '../../contracts/flow-results.ts';
import { searchAttributes } from '../../contracts/search-attributes.ts';
import { evaluate, MissingValue } from '../model/binding.ts';
import { StoredElsewhere } from '../model/stored-lists.ts';

/** Those that a flow may set; the others say how the run stands, which it knows better. */
const settable = [
  searchAttributes.imageType,
  searchAttributes.jobId,
  searchAttributes.verdict,
  searchAttributes.imageCount,
  searchAttributes.imagesFailed,
  searchAttributes.rmseHorizontal,
] as const;

/**
 * The search attributes that a flow asks for, as far as they follow from its input. A value of another
 * type than the attribute's is left out: a run does not fail for what it is found by.
 */
export function searchValues(
  { search = {} }: FlowDefinition,
  input: Json,
  run: RunFacts,
): SearchAttributePair[] {
  return settable.flatMap((key): SearchAttributePair[] => {
    const binding = search[key.name];
    if (binding === undefined) return [];
    const value = valueOf(() =>
      evaluate(binding, (root) => (root === 'input' ? input : root === 'run' ? run : undefined)),
    );
    if (key.type === SearchAttributeType.KEYWORD && typeof value === 'string') {
      return [{ key, value } as SearchAttributePair];
    }
    const isNumber = typeof value === 'number' && key.type !== SearchAttributeType.KEYWORD;
    return isNumber ? [{ key, value } as SearchAttributePair] : [];
  });
}

/** What only a later step gives has no value yet. */
function valueOf(work: () => Json | undefined): Json | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof MissingValue || error instanceof StoredElsewhere) return undefined;
    throw error;
  }
}
