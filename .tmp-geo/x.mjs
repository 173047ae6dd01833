import proj4 from 'proj4';
import { readFileSync } from 'node:fs';
const all = JSON.parse(readFileSync('node_modules/epsg-index/all.json', 'utf8'));
const stats = {};
let axis = [],
  grids = [];
for (const [k, v] of Object.entries(all)) {
  const s = v.proj4;
  if (!s) continue;
  if (s.includes('+axis')) axis.push(k + ':' + s.match(/\+axis=\S+/)[0]);
  if (s.includes('nadgrids')) grids.push(k + ':' + s.match(/\+nadgrids=\S+/)[0]);
}
console.log('axis', axis.length, [...new Set(axis.map((a) => a.split(':')[1]))], axis.slice(0, 5));
console.log('grids', grids.length, [...new Set(grids.map((a) => a.split(':')[1]))].slice(0, 20));
for (const c of [
  '4326',
  '32618',
  '26914',
  '4267',
  '26714',
  '3857',
  '2193',
  '5070',
  '4978',
  '2053',
  '2180',
  '3413',
])
  console.log(c, all[c]?.proj4);
const t = (c, p) => {
  try {
    return proj4(all[c].proj4, 'WGS84').forward(p);
  } catch (e) {
    return String(e);
  }
};
console.log(
  t('26714', [500000, 4000000]),
  t('4326', [180, 10]),
  t('4326', [190, 10]),
  t('4326', [270, 10]),
  t('4326', [360, 10]),
  t('4326', [-181, 10]),
  t('4326', [0, 91]),
  t('4326', [0, 95]),
);
console.log(t('3413', [0, 0]), t('3413', [1e12, 0]), t('32618', [1e9, 1e9]), t('32618', [NaN, 0]));
console.log(t('32618', [101985, 2826915]), t('3857', [20037508.342789244, 0]));
const geos = '+proj=geos +h=35785831 +lon_0=-75 +a=6378137 +rf=298.2572221 +units=m +no_defs';
for (const p of [
  [0, 0],
  [-5434895, 5434895],
  [5434895, 0],
  [3000000, 3000000],
])
  try {
    console.log(proj4(geos, 'WGS84').forward(p));
  } catch (e) {
    console.log('E', e);
  }
