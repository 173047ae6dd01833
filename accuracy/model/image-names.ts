/**
 * Finds the images that lists name: by their path below the flight, their name, or their name without
 * extension, in any letter case. Of two images that a name fits, the first in order counts.
 */
export class ImageNames {
  private readonly byKey = new Map<string, string>();

  add(name: string): void {
    for (const key of keysOf(name)) if (!this.byKey.has(key)) this.byKey.set(key, name);
  }

  /** The image's own name; null when no image is called so. */
  find(named: string): string | null {
    for (const key of keysOf(named)) {
      const found = this.byKey.get(key);
      if (found !== undefined) return found;
    }
    return null;
  }
}

function keysOf(name: string): string[] {
  const path = name.replaceAll('\\', '/').toLowerCase();
  const last = path.split('/').at(-1)!;
  return [path, last, last.replace(/\.[a-z]{2,5}$/, '')];
}
