// Writes the slim table of coordinate reference systems from the full one of epsg-index, which is too
// large to ship.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './set-up.mjs';

const all = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('epsg-index/all.json'), 'utf8'));
const table = {
  notice:
    'From the EPSG Geodetic Parameter Dataset of the IOGP Geodesy Subcommittee, by way of the package epsg-index; see https://epsg.org/terms-of-use.html',
};
for (const [code, { proj4 }] of Object.entries(all)) if (proj4) table[code] = proj4;

const folder = join(root, 'dist', 'geolocalization', 'io');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'epsg-table.json'), JSON.stringify(table));
