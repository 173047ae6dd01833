/** Characters of a scene's name that a file name keeps. */
const MAX_NAME = 60;

/**
 * What the names of a scene's files start with: nothing when it is the only one, so that people find
 * `scene.json`; else its place in the list and its name, which are different for each.
 *
 * @example
 * sceneFilePrefix('a/b.tif', 1, 12); // '02-a-b.'
 */
export function sceneFilePrefix(name: string, index: number, scenes: number): string {
  if (scenes === 1) return '';
  const digits = String(scenes).length;
  return `${String(index + 1).padStart(digits, '0')}-${stemOf(name)}.`;
}

/** A file name without folder and ending, and without what a file system may not like. */
export function stemOf(name: string): string {
  const safe = name.replace(/\.[A-Za-z0-9]{1,5}$/, '').replace(/[^\p{L}\p{N}._-]+/gu, '-');
  return safe.slice(0, MAX_NAME) || 'scene';
}

/** The ending of a file name with its dot, in lower case; empty when there is none. */
export function endingOf(name: string): string {
  return /\.[A-Za-z0-9]{1,5}$/.exec(name)?.[0].toLowerCase() ?? '';
}
