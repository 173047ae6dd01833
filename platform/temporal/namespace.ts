import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { searchAttributes } from '../../contracts/search-attributes.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;

const indexedTypes = {
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  INT: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  DOUBLE: IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE,
  DATETIME: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
} as const;

/**
 * Registers the search attributes that the namespace lacks. Safe to repeat.
 *
 * @returns the names that were added.
 * @throws {Error} when one is there with another type, as runs could then not be started.
 */
export async function registerSearchAttributes(
  connection: Connection,
  namespace: string,
): Promise<string[]> {
  const known = await connection.operatorService.listSearchAttributes({ namespace });
  const missing: Record<string, number> = {};
  for (const { name, type } of Object.values(searchAttributes)) {
    const wanted = indexedTypes[type];
    const found = known.customAttributes?.[name];
    if (found === undefined) missing[name] = wanted;
    else if (found !== wanted) {
      throw new Error(
        `Cannot use namespace "${namespace}" as its search attribute "${name}" has another type: needed ${type}`,
      );
    }
  }
  if (Object.keys(missing).length > 0) {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: missing });
  }
  return Object.keys(missing);
}
