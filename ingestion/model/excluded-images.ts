import type { Finding } from '../../contracts/findings.ts';
import type { LeftOutImages } from '../../contracts/flight-settings.ts';
import { fileWarning } from './file-finding.ts';
import { keysOfName } from './filed-poses.ts';
import { SETTINGS_FILE } from './settings-file.ts';

/** Names that a finding lists; the number says how many there are. */
const NAMED = 5;

interface Row {
  name: string;
  reason: string;
}

/** Images that a person leaves out of a flight, by name or by a name with `*` in it. */
export class ExcludedImages {
  private readonly byKey = new Map<string, Row>();
  private readonly patterns: (Row & { parts: string[] })[] = [];
  private readonly met = new Set<string>();

  constructor(rows: readonly LeftOutImages[] = []) {
    for (const { images, reason } of rows) {
      for (const name of typeof images === 'string' ? [images] : images) {
        const [key] = keysOfName(name);
        if (key!.includes('*')) this.patterns.push({ name, reason, parts: key!.split('*') });
        else if (!this.byKey.has(key!)) this.byKey.set(key!, { name, reason });
      }
    }
  }

  /** Says that an image is left out, and why; null when it is not. */
  findingOf(image: string): Finding | null {
    const row = this.rowOf(image);
    if (row === undefined) return null;
    this.met.add(row.name);
    return {
      code: 'IMAGE_EXCLUDED',
      severity: 'info',
      scope: 'image',
      subject: image,
      message: `Image "${image}" is left out as "${SETTINGS_FILE}" says (${row.reason}): take it off that list to use it`,
      values: { reason: row.reason, by: row.name },
    };
  }

  /** Rows that name no image of the flight; call it when every image was looked for. */
  findings(): Finding[] {
    const all = [...this.byKey.values(), ...this.patterns].map(({ name }) => name);
    const missing = [...new Set(all.filter((name) => !this.met.has(name)))];
    if (missing.length === 0) return [];
    const message = `File "${SETTINGS_FILE}" leaves out ${missing.length} names that no image of the flight has (${missing.slice(0, NAMED).join(', ')}): is it the file of another flight? Correct the names, or take them off`;
    const values = { names: missing.length };
    return [fileWarning('EXCLUDED_IMAGE_MISSING', SETTINGS_FILE, message, values)];
  }

  private rowOf(image: string): Row | undefined {
    const keys = keysOfName(image);
    for (const key of keys) {
      const row = this.byKey.get(key);
      if (row !== undefined) return row;
    }
    return this.patterns.find(({ parts }) => keys.some((key) => fits(parts, key)));
  }
}

/**
 * Whether a text is made of parts with anything between them. Each part is taken where it stands first, so
 * that no pattern takes longer than its length times that of the text.
 */
function fits(parts: readonly string[], text: string): boolean {
  const [first, last] = [parts[0]!, parts.at(-1)!];
  if (text.length < first.length + last.length) return false;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
