import type {
  FlightSettings,
  RequestedSettings,
  StatedSettings,
} from '../../contracts/flight-settings.ts';

/** Settings that are stated field by field. */
const groups = ['camera', 'gate', 'thresholds'] as const;
const scalars = ['heights', 'accuracyClass'] as const;
/** Facts that only the file can state. */
const facts = [
  'crs',
  'groundAltitudeMeters',
  'clockAheadSeconds',
  'yawOffsetDegrees',
  'exclude',
] as const;

/**
 * What is in force where a request and a flight's own file both say something: field by field the request,
 * else the file.
 *
 * @returns undefined when nobody states anything.
 *
 * @example
 * stateSettings({ camera: { k1: 0.1, k2: 0 } }, { camera: { k1: 0.2 } })?.from;
 * // { 'camera.k1': 'request', 'camera.k2': 'file' }
 */
export function stateSettings(
  file: FlightSettings | null,
  request: RequestedSettings,
): StatedSettings | undefined {
  const values: Record<string, unknown> = {};
  const from: StatedSettings['from'] = {};
  for (const group of groups) {
    const requested = statedOf(request[group]);
    const merged = { ...withoutRivals(group, statedOf(file?.[group]), requested), ...requested };
    if (Object.keys(merged).length === 0) continue;
    values[group] = merged;
    for (const name of Object.keys(merged)) {
      from[`${group}.${name}`] = Object.hasOwn(requested, name) ? 'request' : 'file';
    }
  }
  for (const name of scalars) {
    const value = request[name] ?? file?.[name];
    if (value === undefined) continue;
    values[name] = value;
    from[name] = request[name] === undefined ? 'file' : 'request';
  }
  for (const name of facts) {
    if (file?.[name] === undefined) continue;
    values[name] = file[name];
    from[name] = 'file';
  }
  return Object.keys(from).length === 0 ? undefined : { values, from };
}

/** A field that is there and undefined would hide what the file says. */
function statedOf(group: object | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(group ?? {}).filter(([, value]) => value !== undefined));
}

/** A focal length in pixels goes before one in millimeters: where the request states the latter, it may not. */
function withoutRivals(
  group: (typeof groups)[number],
  file: Record<string, unknown>,
  request: Record<string, unknown>,
): Record<string, unknown> {
  const isRivalled =
    group === 'camera' &&
    (request['focalMillimeters'] !== undefined || request['sensorWidthMillimeters'] !== undefined);
  if (!isRivalled) return file;
  const { focalPixels: _focal, ...rest } = file;
  return rest;
}
