import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import proj4 from 'proj4';

const NOTICE =
  'Definitions derived from the EPSG Geodetic Parameter Dataset of the International Association ' +
  'of Oil & Gas Producers (IOGP), whose terms of use apply (https://epsg.org/terms-of-use.html). ' +
  'They are simplified and are not the authoritative EPSG data. Taken from the package ' +
  'epsg-index, copyright (c) 2023 Jannis R, under the ISC license.';

const index = fileURLToPath(import.meta.resolve('epsg-index/all.json'));
const folder = new URL('../dist/platform/', import.meta.url);

const entries = Object.values(JSON.parse(await readFile(index, 'utf8')));
const table = Object.fromEntries(entries.filter(isUsable).map(({ code, proj4 }) => [code, proj4]));
await mkdir(folder, { recursive: true });
await writeFile(
  new URL('epsg-table.json', folder),
  `${JSON.stringify({ notice: NOTICE, ...table }, null, 1)}\n`,
);

/** Whether the middle of the system's area survives the way to WGS 84 and back. */
function isUsable({ proj4: definition, bbox }) {
  // A grid file of the datum shift is never here; geocentric systems have no ground coordinates.
  if (!definition || /\+nadgrids=(?!@null)|\+proj=geocent/.test(definition)) return false;
  const [north, west, south, east] = bbox;
  const middle = [(west + (east < west ? east + 360 : east)) / 2, (north + south) / 2];
  try {
    const transform = proj4('EPSG:4326', definition);
    return transform.inverse(transform.forward(middle)).every(Number.isFinite);
  } catch {
    return false;
  }
}
