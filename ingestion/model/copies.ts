/** Tells which of the images with equal bytes is the original, and which are its copies. */
export class CopyRegister {
  private readonly namesBySha256 = new Map<string, string[]>();
  private readonly namesByFold = new Map<string, string>();
  private readonly patterns = new Map<string, number>();

  add(sha256: string, name: string): void {
    const names = this.namesBySha256.get(sha256);
    if (names === undefined) this.namesBySha256.set(sha256, [name]);
    else names.push(name);
    const folded = name.toLowerCase();
    if (!this.namesByFold.has(folded)) this.namesByFold.set(folded, name);
    const pattern = patternOf(name);
    this.patterns.set(pattern, (this.patterns.get(pattern) ?? 0) + 1);
  }

  /**
   * The original that `name` copies, or null when it is the original itself: of the equal files the one
   * whose name is formed like most of the flight, then the first by name.
   */
  originalOf(sha256: string, name: string): string | null {
    const names = this.namesBySha256.get(sha256) ?? [];
    if (names.length < 2) return null;
    const [original] = [...names].sort((a, b) => this.usage(b) - this.usage(a) || (a < b ? -1 : 1));
    return original === undefined || original === name ? null : original;
  }

  /** The first name that differs only in the case of its letters, or null. */
  namesakeOf(name: string): string | null {
    const first = this.namesByFold.get(name.toLowerCase());
    return first === undefined || first === name ? null : first;
  }

  private usage(name: string): number {
    return this.patterns.get(patternOf(name)) ?? 0;
  }
}

/** How a name is formed, whatever its number: `DJI_0024.JPG` gives `DJI_#.JPG`. */
function patternOf(name: string): string {
  return name.replace(/\d+/g, '#');
}
