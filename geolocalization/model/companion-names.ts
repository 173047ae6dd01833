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
/** Of files whose pixels are read in parts, with their mask. */
const tiffEndings = new Set(['tif', 'tiff', 'gtiff']);
const rpcEndings = new Set(['rpb', 'geom', 'xml', 'rpc']);

/**
 * What a file beside a scene may tell of it, by both names; letter case does not count.
 *
 * `a.tif` goes with `a.tfw`, `a.wld`, `a.prj`, `a.RPB`, `a.geom`, `a.xml`, `a_RPC.TXT`, `a_RPC.xml`,
 * `a.tif.rpb`, `a.tif.aux.xml` and the mask `a.tif.msk`; Pleiades and SPOT have `RPC_X.XML` for
 * `IMG_X_R1C1.TIF`.
 *
 * @example
 * companionKind('scene.tif', 'scene_RPC.TXT'); // 'rpc'
 */
export function companionKind(scene: string, name: string): SceneCompanion['kind'] | null {
  const [stem, ending] = split(scene.toLowerCase());
  const [otherStem, otherEnding] = split(name.toLowerCase());
  const isSame = otherStem === stem || otherStem === `${stem}.${ending}`;
  if (otherEnding === 'xml' && otherStem === `${stem}.${ending}.aux`) return 'auxiliary';
  const isTiff = tiffEndings.has(ending);
  if (isTiff && otherEnding === 'msk' && otherStem === `${stem}.${ending}`) return 'mask';
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

export type WantedBeside = 'correction' | 'place' | 'corrections' | 'model';

/**
 * The names under which files beside a scene are asked for where no folder can be listed, in the case of its
 * ending: the likelier first.
 *
 * @param wanted `correction` for what counts before the scene's own place, `place` for a transform and its map,
 * too; `corrections` and `model` are the same of a scene, with its mask, and with rational polynomials.
 *
 * @example
 * namesBeside('a.tif', 'place'); // ['a.tif.aux.xml', 'a.tfw', 'a.wld', 'a.prj']
 */
export function namesBeside(scene: string, wanted: WantedBeside): string[] {
  const dot = scene.lastIndexOf('.');
  const [stem, ending] = dot < 0 ? [scene, ''] : [scene.slice(0, dot), scene.slice(dot + 1)];
  const isUpper = ending !== '' && ending === ending.toUpperCase();
  const cased = (name: string) => (isUpper ? name.toUpperCase() : name);
  const world = worldFiles[ending.toLowerCase()]?.[0];
  const isPlaced = wanted === 'correction' || wanted === 'corrections';
  const place = isPlaced ? [] : [...(world === undefined ? [] : [world]), 'wld', 'prj'];
  const model = wanted === 'model' ? ['_RPC.TXT', '_rpc.txt', '.RPB'] : [];
  const hasMask = wanted === 'model' || wanted === 'corrections';
  return [
    `${scene}.aux.xml`,
    ...place.map((name) => `${stem}.${cased(name)}`),
    ...model.map((name) => `${stem}${name}`),
    ...(hasMask && tiffEndings.has(ending.toLowerCase()) ? [maskBeside(scene)] : []),
  ];
}

/** The name of a file that may lie beside a scene, with a mask of its pixels. */
export function maskBeside(scene: string): string {
  return `${scene}.msk`;
}

function split(name: string): [stem: string, ending: string] {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1)];
}
