import type { SceneCompanion } from '../../contracts/geolocalization.ts';

/** Endings that a world file may have beside each ending of a scene; `wld` and the whole ending with a w go with all. */
const worldFiles: Readonly<Record<string, readonly string[]>> = {
  tif: ['tfw', 'tifw'],
  tiff: ['tfw', 'tiffw', 'tifw'],
  jpg: ['jgw', 'jpgw'],
  jpeg: ['jgw', 'jpegw', 'jpgw'],
  png: ['pgw', 'pngw'],
  webp: ['wpw', 'webpw'],
};
const rpcEndings = new Set(['rpb', 'geom', 'xml', 'rpc']);

/**
 * What a file beside a scene may tell of its place, by both names; letter case does not count.
 *
 * `a.tif` goes with `a.tfw`, `a.wld`, `a.prj`, `a.RPB`, `a.geom`, `a.xml`, `a_RPC.TXT`, `a_RPC.xml`,
 * `a.tif.rpb`; Pleiades and SPOT have `RPC_X.XML` for `IMG_X_R1C1.TIF`.
 *
 * @example
 * companionKind('scene.tif', 'scene_RPC.TXT'); // 'rpc'
 */
export function companionKind(scene: string, name: string): SceneCompanion['kind'] | null {
  const [stem, ending] = split(scene.toLowerCase());
  const [otherStem, otherEnding] = split(name.toLowerCase());
  const isSame = otherStem === stem || otherStem === `${stem}.${ending}`;
  if (isSame && otherEnding === 'prj') return 'projection';
  if (isSame && (otherEnding === 'wld' || worldFiles[ending]?.includes(otherEnding) === true)) {
    return 'world-file';
  }
  if (isSame && rpcEndings.has(otherEnding)) return 'rpc';
  if (otherStem === `${stem}_rpc` && ['txt', 'xml', 'rpb'].includes(otherEnding)) return 'rpc';
  const product = /^img_(.+?)(?:_r\d+c\d+)?$/.exec(stem)?.[1];
  const isProduct = product !== undefined && otherStem === `rpc_${product}`;
  return isProduct && otherEnding === 'xml' ? 'rpc' : null;
}

function split(name: string): [stem: string, ending: string] {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1)];
}
