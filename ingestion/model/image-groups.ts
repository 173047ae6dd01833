import type { Finding } from '../../contracts/findings.ts';
import { contentLines } from './content-lines.ts';
import { CountedFindings } from './counted-findings.ts';
import { escapesFolder, lineFinding } from './file-finding.ts';
import { keysOfName } from './filed-poses.ts';

/** Where a flight's groups stand. */
export const GROUPS_FILE = 'image_groups.txt';

/** Which group each image of a flight belongs to, by its name in lower case. */
export interface ImageGroups {
  groups: Record<string, string>;
  findings: Finding[];
}

/**
 * Reads OpenDroneMap's `image_groups.txt`: on every line the name of an image, white space, its group. A name
 * may hold spaces, a group may not. Of an image that stands twice the first line counts.
 *
 * @param file its name, for findings.
 *
 * @example
 * parseImageGroups('DJI_0018.JPG A', 'image_groups.txt').groups; // { 'dji_0018.jpg': 'A' }
 */
export function parseImageGroups(content: string, file: string): ImageGroups {
  const groups: Record<string, string> = Object.create(null);
  const findings = new CountedFindings();
  for (const { number, text } of contentLines(content)) {
    const at = text.search(/\s\S*$/);
    const [image, group] = [text.slice(0, Math.max(0, at)).trimEnd(), text.slice(at + 1)];
    if (image === '') {
      const reason = 'it needs the name of an image and its group';
      findings.add(lineFinding('GROUP_ROW_INVALID', file, number, reason));
    } else if (escapesFolder(image)) {
      const reason = `"${image}" lies outside the flight's folder`;
      findings.add(lineFinding('PATH_ESCAPE', file, number, reason));
    } else groups[keysOfName(image)[0]!] ??= group;
  }
  return { groups: { ...groups }, findings: findings.entries() };
}

/** The group of an image; undefined when the file does not name it. */
export function groupOf(
  name: string,
  groups: Readonly<Record<string, string>> | undefined,
): string | undefined {
  if (groups === undefined) return undefined;
  for (const key of keysOfName(name)) {
    if (Object.hasOwn(groups, key)) return groups[key];
  }
  return undefined;
}

/** Images that a file puts into groups and a flight has not. */
const NAMED = 5;

/** Counts the images of each group, and names those that the flight has not. */
export class GroupCount {
  private readonly groups: Readonly<Record<string, string>>;
  private readonly counts = new Map<string, number>();
  private readonly met = new Set<string>();

  constructor(groups: Readonly<Record<string, string>> = {}) {
    this.groups = groups;
  }

  add(group: string | undefined, name: string): void {
    if (group === undefined) return;
    this.counts.set(group, (this.counts.get(group) ?? 0) + 1);
    for (const key of keysOfName(name)) this.met.add(key);
  }

  /** In order of group. */
  entries(): { group: string; images: number }[] {
    return [...this.counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([group, images]) => ({ group, images }));
  }

  findings(): Finding[] {
    const missing = Object.keys(this.groups).filter((key) => !this.met.has(key));
    if (missing.length === 0) return [];
    return [
      {
        code: 'GROUP_IMAGE_MISSING',
        severity: 'warning',
        scope: 'file',
        subject: GROUPS_FILE,
        message: `File "${GROUPS_FILE}" groups ${missing.length} images that the flight has not (${missing.slice(0, NAMED).join(', ')}): add them, or take them off`,
        values: { images: missing.length },
      },
    ];
  }
}
