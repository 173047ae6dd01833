import { type Command, InvalidArgumentError } from 'commander';
import {
  type ChangedThresholds,
  changedThresholdsSchema,
  flightThresholdsSchema,
} from '../../contracts/flight-thresholds.ts';
import { nearestName } from '../../maths/nearest-name.ts';
import { readSettings, type Settings } from '../../platform/configuration.ts';
import { type ExitCode, exitCodes, WrongUsage } from '../exit-codes.ts';
import { Terminal } from '../terminal.ts';

/** Adds the option that every command has. */
export function withJson(command: Command): Command {
  return command.option('--json', 'one document on standard output, nothing else');
}

/** Reads the settings, does the work of a command, and notes how the process is to end. */
export async function execute(
  options: { json?: boolean },
  work: (settings: Settings, terminal: Terminal) => Promise<ExitCode | void>,
): Promise<void> {
  const terminal = new Terminal(options.json === true);
  process.exitCode = (await work(settingsOrWrongUsage(), terminal)) ?? exitCodes.done;
}

function settingsOrWrongUsage(): Settings {
  try {
    return readSettings();
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error));
  }
}

/** Lines of a command's help that show it at work. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new InvalidArgumentError('a port is a whole number from 0 to 65535');
}

/** A whole number from `least` on. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    if (/^\d+$/.test(text) && Number(text) >= least) return Number(text);
    throw new InvalidArgumentError(`it must be a whole number from ${least} on`);
  };
}

export function parsePositive(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('it must be a number above 0');
}

export function parseJsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Said below, in the words of this command line.
  }
  throw new InvalidArgumentError('it must be a JSON object, such as {"focalPixels":3600}');
}

/**
 * A bounding box in degrees, WGS84.
 *
 * @example
 * parseSearchArea('11.2,47.9,11.6,48.2'); // [11.2, 47.9, 11.6, 48.2]: west, south, east, north
 */
export function parseSearchArea(text: string): number[] {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [west = Number.NaN, south = Number.NaN, east = Number.NaN, north = Number.NaN] = numbers;
  const isInRange = [west, east].every((value) => Math.abs(value) <= 180) && north <= 90;
  if (numbers.length === 4 && isInRange && south >= -90 && south < north) return numbers;
  throw new InvalidArgumentError('it must be west,south,east,north in degrees');
}

/**
 * A span of time in milliseconds.
 *
 * @example
 * parseAge('12h'); // 43_200_000
 */
export function parseAge(text: string): number {
  const units: Record<string, number> = { h: 3_600_000, d: 86_400_000 };
  const [, count, unit] = /^(\d+)([hd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return Number(count) * units[unit]!;
  throw new InvalidArgumentError('it must be a number of hours or days, such as 12h or 30d');
}

/**
 * One limit of a flight's verdict, added to those given before.
 *
 * @example
 * parseThreshold('minImages=10', undefined); // { minImages: 10 }
 */
export function parseThreshold(text: string, before?: ChangedThresholds): ChangedThresholds {
  const [, name = '', value = ''] = /^\s*(\w+)\s*=\s*(\S+)\s*$/.exec(text) ?? [];
  const names = Object.keys(flightThresholdsSchema.shape);
  if (!names.includes(name)) {
    const meant = nearestName(name, names);
    throw new InvalidArgumentError(
      `it must be a name and a number, such as minImages=10: ${meant === undefined ? `names are ${names.join(', ')}` : `did you mean ${meant}?`}`,
    );
  }
  const parsed = changedThresholdsSchema.safeParse({ [name]: Number(value) });
  if (parsed.success) return { ...before, ...parsed.data };
  throw new InvalidArgumentError(`${name} is not usable: ${parsed.error.issues[0]!.message}`);
}
