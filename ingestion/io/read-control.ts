import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ControlSheet, SheetPoint } from '../../contracts/control-sheet.ts';
import type { Finding } from '../../contracts/findings.ts';
import type { Ground, ToGround } from '../../maths/map-projection.ts';
import { median } from '../../maths/robust.ts';
import { groundBy, groundOf } from '../../platform/coordinate-systems.ts';
import { type ControlObservation, parseControlList } from '../model/control-list.ts';
import { fileFinding, lineFinding } from '../model/file-finding.ts';
import type { StatedCrs } from '../model/stated-crs.ts';

/** Decimals of a degree that are kept: a hundredth of a millimeter. */
const DIGITS = 10;

/** Reads a list of surveyed points and brings them to the globe; what cannot be used is a finding. */
export async function readControlSheet(
  path: string,
  role: ControlSheet['role'],
): Promise<{ sheet: ControlSheet | null; findings: Finding[] }> {
  const file = basename(path);
  const { crs, observations, findings } = parseControlList(await readFile(path, 'utf8'), file);
  if (crs === null) return { sheet: null, findings };
  const ground = await groundOfCrs(crs);
  if ('fault' in ground) {
    return {
      sheet: null,
      findings: [...findings, fileFinding('CRS_UNKNOWN', file, `it ${ground.fault}`)],
    };
  }
  const points = new Map<string, SheetPoint>();
  for (const seen of observations) {
    if (points.has(seen.point)) continue;
    const point = placed(seen, ground.toGround);
    if (point !== null) points.set(point.name, point);
    else {
      const reason = `its coordinates ${seen.x}, ${seen.y} are no place in the system of the file: are x and y exchanged?`;
      findings.push(lineFinding('GCP_ROW_INVALID', file, seen.line, reason));
    }
  }
  const sheet: ControlSheet = {
    file,
    role,
    crs: crs.kind === 'epsg' ? `EPSG:${crs.code}` : crs.definition,
    points: [...points.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    observations: observations
      .filter(({ point }) => points.has(point))
      .map(({ point, image, u, v }) => ({ point, image, u, v })),
    exchanged: exchangedMiddle(observations, ground.toGround),
  };
  return { sheet, findings };
}

function groundOfCrs(crs: StatedCrs): Promise<Ground> | Ground {
  return crs.kind === 'epsg' ? groundOf(crs.code) : groundBy(crs.definition);
}

function placed({ point, x, y, z }: ControlObservation, toGround: ToGround): SheetPoint | null {
  const position = toGround(x, y);
  if (position === null) return null;
  const [longitude, latitude] = position;
  return {
    name: point,
    x,
    y,
    height: z,
    longitude: Number(longitude.toFixed(DIGITS)),
    latitude: Number(latitude.toFixed(DIGITS)),
  };
}

function exchangedMiddle(
  observations: readonly ControlObservation[],
  toGround: ToGround,
): ControlSheet['exchanged'] {
  const x = median(observations.map((seen) => seen.x));
  const y = median(observations.map((seen) => seen.y));
  const position = x === null || y === null ? null : toGround(y, x);
  return position === null ? null : { longitude: position[0], latitude: position[1] };
}
