import { basename, dirname } from 'node:path';
import type { Finding } from '../../contracts/findings.ts';
import type { ControlPoint } from '../../contracts/flight.ts';
import { parseControlList } from '../model/control-list.ts';
import { placeControl } from '../model/control-points.ts';
import type { StatedCrs } from '../model/stated-crs.ts';
import { crsFinding, groundOfFile, readText } from './companion-files.ts';

/** Lists of surveyed points that a client names, as whole paths, in place of those beside the images. */
export interface NamedControl {
  control?: string | undefined;
  checkPoints?: string | undefined;
}

/** Surveyed points, and what is wrong with the files that they stand in. */
export interface ReadControl {
  points: ControlPoint[];
  findings: Finding[];
}

/** Reads the lists that a client names. */
export async function readNamedPoints(
  { control, checkPoints }: NamedControl,
  elsewhere: StatedCrs | null,
): Promise<ReadControl> {
  const named: ReadControl = { points: [], findings: [] };
  for (const [path, role] of [
    [control, 'control'],
    [checkPoints, 'check'],
  ] as const) {
    if (path === undefined) continue;
    const read = await readControl(dirname(path), basename(path), role, elsewhere);
    for (const point of read.points) named.points.push(point);
    named.findings.push(...read.findings);
  }
  return named;
}

/**
 * Reads a control file, or one of check points, which has the same form.
 *
 * @param elsewhere the system of a file that names none.
 */
export async function readControl(
  folder: string,
  name: string,
  role: ControlPoint['role'],
  elsewhere: StatedCrs | null = null,
): Promise<ReadControl> {
  const { crs, observations, findings } = parseControlList(
    await readText(folder, name),
    name,
    elsewhere,
  );
  if (crs === null) return { points: [], findings };
  const ground = await groundOfFile(folder, name, crs, null);
  if (ground === null || 'fault' in ground) {
    return { points: [], findings: [...findings, crsFinding(name, ground)] };
  }
  const stated = crs.kind === 'epsg' ? `EPSG:${crs.code}` : crs.definition;
  const placed = placeControl(observations, ground.toGround, { crs: stated, role, file: name });
  return { points: placed.points, findings: [...findings, ...placed.findings] };
}
