import { cameraOverrideSchema, gateRequestSchema } from '../../contracts/assessment.ts';
import type { Finding } from '../../contracts/findings.ts';
import { type FlightSettings, flightSettingsSchema } from '../../contracts/flight-settings.ts';
import { flightThresholdsSchema } from '../../contracts/flight-thresholds.ts';
import { withCamelCaseKeys } from '../../contracts/parse-request.ts';
import { fileFinding } from './file-finding.ts';
import { faultsIn, parseJson } from './json-file.ts';

export const SETTINGS_FILE = 'flight.json';

/** Objects in it whose fields may be written with underscores, too. */
const groups = ['thresholds', 'camera', 'gate'] as const;

const knownNames = [
  ...Object.keys(flightSettingsSchema.shape),
  ...Object.keys(cameraOverrideSchema.shape),
  ...Object.keys(gateRequestSchema.shape),
  ...Object.keys(flightThresholdsSchema.shape),
  'images',
  'reason',
];

/**
 * Reads `flight.json`. It counts as a whole or not at all: a flight that is judged by half of what a person
 * stated would be judged wrongly.
 *
 * @param file its name, for the finding.
 *
 * @example
 * parseSettingsFile('{"camera":{"sensorWidthMillimeters":6.17}}', 'flight.json').settings;
 * // { camera: { sensorWidthMillimeters: 6.17 } }
 */
export function parseSettingsFile(
  content: string,
  file: string,
): { settings: FlightSettings | null; findings: Finding[] } {
  const json = parseJson(content);
  if ('fault' in json) return refused(file, `it ${json.fault}`);
  const { value } = json;
  if (!isObject(value)) return refused(file, 'it must hold one object');
  const fields = withCamelCaseKeys(value);
  for (const group of groups) {
    const inner = fields[group];
    if (isObject(inner)) fields[group] = withCamelCaseKeys(inner);
  }
  const parsed = flightSettingsSchema.safeParse(fields);
  if (parsed.success) return { settings: parsed.data, findings: [] };
  return refused(file, faultsIn(parsed.error.issues, fields, knownNames));
}

function refused(file: string, reason: string): { settings: null; findings: Finding[] } {
  const advice = 'nothing that it states is in force until it is corrected';
  return { settings: null, findings: [fileFinding('COMPANION_INVALID', file, reason, advice)] };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
