import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { clientSearchAttributes, searchAttributes } from '../../contracts/search-attributes.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;

const indexedTypes = {
  TEXT: IndexedValueType.INDEXED_VALUE_TYPE_TEXT,
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  INT: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  DOUBLE: IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE,
  BOOL: IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
  DATETIME: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
} as const;

const neededAttributes = [
  ...Object.values(searchAttributes),
  ...Object.values(clientSearchAttributes),
];

/** gRPC's code for "there is no such thing". */
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const DAY_MS = 86_400_000;

/** What a namespace lacks of the search attributes that runs are started with. */
export interface AttributeFaults {
  missing: { name: string; type: keyof typeof indexedTypes }[];
  /** There with another type: that cannot be mended, as the type of an attribute is fixed. */
  mistyped: { name: string; type: keyof typeof indexedTypes }[];
}

/** Compares the search attributes of a namespace with those that are needed; changes nothing. */
export async function findAttributeFaults(
  connection: Connection,
  namespace: string,
): Promise<AttributeFaults> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const faults: AttributeFaults = { missing: [], mistyped: [] };
  for (const { name, type } of neededAttributes) {
    const found = customAttributes?.[name];
    if (found === undefined) faults.missing.push({ name, type });
    else if (found !== indexedTypes[type]) faults.mistyped.push({ name, type });
  }
  return faults;
}

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
  const { missing, mistyped } = await findAttributeFaults(connection, namespace);
  if (mistyped.length > 0) {
    const needed = mistyped.map(({ name, type }) => `"${name}" must be ${type}`).join(', ');
    throw new Error(
      `Cannot use namespace "${namespace}" as search attributes have another type there: ${needed}`,
    );
  }
  if (missing.length > 0) {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(
        missing.map(({ name, type }) => [name, indexedTypes[type]]),
      ),
    });
  }
  return missing.map(({ name }) => name);
}

/**
 * Creates the namespace when the server has none of that name. Safe to repeat.
 *
 * @param retentionDays how long the server keeps closed runs; a namespace that is there keeps its own.
 * @returns whether it was created.
 */
export async function ensureNamespace(
  connection: Connection,
  namespace: string,
  retentionDays: number,
): Promise<boolean> {
  if (await hasNamespace(connection, namespace)) return false;
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      description: 'Image processing by skyloom',
      workflowExecutionRetentionPeriod: msToTs(retentionDays * DAY_MS),
    });
    return true;
  } catch (error) {
    // Another one was faster.
    if (codeOf(error) === ALREADY_EXISTS) return false;
    throw error;
  }
}

export async function hasNamespace(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await connection.workflowService.describeNamespace({ namespace });
    return true;
  } catch (error) {
    if (codeOf(error) === NOT_FOUND) return false;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
