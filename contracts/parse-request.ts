import type { z } from 'zod';
import { type AutomationRequest, automationRequestSchema } from './automation.ts';
import { InvalidInput, nameValue } from './failures.ts';

const knownTypes = ['Navad', 'Satellite'];

/**
 * Reads a request as any client may send it: snake_case or camelCase keys, the image type in any letter
 * case, unknown keys passed over.
 *
 * @throws {InvalidInput} that lists every fault at once.
 *
 * @example
 * parseRequest({ image_path: '/data/f7', image_type: 'navad' }); // { imagePath: '/data/f7', imageType: 'Navad' }
 */
export function parseRequest(input: unknown): AutomationRequest {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new InvalidInput(
      `Cannot start as the request must be an object with imagePath and imageType: found ${nameValue(input)}`,
    );
  }
  // null is how many languages say that a field was left out.
  const given = Object.entries(input).filter(([, value]) => value !== null);
  const fields = withCamelCaseKeys(Object.fromEntries(given));
  const { thresholds } = fields;
  if (typeof thresholds === 'object' && thresholds !== null && !Array.isArray(thresholds)) {
    fields['thresholds'] = withCamelCaseKeys(thresholds);
  }
  if (typeof fields['imageType'] === 'string') {
    fields['imageType'] = properCase(fields['imageType']);
  }
  const parsed = automationRequestSchema.safeParse(fields);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => faultOf(issue, fields));
  throw new InvalidInput(`Cannot start as ${faults.join('; ')}`);
}

function faultOf(issue: z.core.$ZodIssue, fields: Record<string, unknown>): string {
  const field = issue.path.join('.');
  const value = fields[String(issue.path[0])];
  if (value === undefined) return `${field} is missing`;
  if (field === 'imageType') {
    return `imageType must be "Navad" or "Satellite": found ${nameValue(value)}`;
  }
  return `${field} is not usable (${issue.message}): found ${nameValue(value)}`;
}

/** The same fields, each under its name in camelCase: `image_path` becomes `imagePath`. */
export function withCamelCaseKeys(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

function properCase(type: string): string {
  return knownTypes.find((known) => known.toLowerCase() === type.trim().toLowerCase()) ?? type;
}
