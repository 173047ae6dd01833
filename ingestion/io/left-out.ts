import type { Finding, FindingCode } from '../../contracts/findings.ts';
import { printableName } from '../../platform/image-sources.ts';

/** Something at the source that may belong to the flight and is not read, and why. */
export interface LeftOut {
  name: string;
  code: FindingCode;
  reason: string;
}

/** More of a kind are counted, not named: a folder of a hundred thousand links is one fault. */
const NAMED_OF_A_KIND = 100;

export function leftOutLink(name: string): LeftOut {
  const reason = 'it is a link, which is not followed: put the file itself there';
  return { name, code: 'LINK_LEFT_OUT', reason };
}

export function leftOutDeep(name: string, depth: number): LeftOut {
  const reason = `folders are read ${depth} levels deep: move it up`;
  return { name, code: 'FILE_LEFT_OUT', reason };
}

export function leftOutSpecial(name: string): LeftOut {
  return {
    name,
    code: 'FILE_LEFT_OUT',
    reason: 'it is no file: put the file itself there',
  };
}

/** One finding for each, in order of name; past a hundred of a kind, one that counts the others. */
export function findingsOfLeftOut(leftOut: readonly LeftOut[]): Finding[] {
  const byCode = new Map<FindingCode, LeftOut[]>();
  for (const each of [...leftOut].sort(byName)) {
    const alike = byCode.get(each.code) ?? [];
    byCode.set(each.code, alike);
    alike.push(each);
  }
  return [...byCode.keys()].sort().flatMap((code) => {
    const all = byCode.get(code)!;
    const named = all.slice(0, NAMED_OF_A_KIND).map(({ name, reason }) => {
      const subject = printableName(name);
      return warning(code, subject, `Left "${subject}" out of the flight as ${reason}`, {});
    });
    const more = all.length - named.length;
    if (more === 0) return named;
    const message = `Left ${more} more out of the flight for the same reason as "${named.at(-1)!.subject}": do the same with them`;
    return [...named, warning(code, named.at(-1)!.subject, message, { more })];
  });
}

/** Names that a terminal or page would obey, or show as something else, are shown by their codes. */
export function findingsOfNames(names: readonly string[]): Finding[] {
  const unprintable = names.filter((name) => printableName(name) !== name);
  return unprintable.slice(0, NAMED_OF_A_KIND).map((name) => {
    const subject = printableName(name);
    const message = `The name of "${subject}" has characters that cannot be shown, written here as %XX: rename the file`;
    return warning('NAME_UNPRINTABLE', subject, message, {});
  });
}

function warning(
  code: FindingCode,
  subject: string,
  message: string,
  values: Finding['values'],
): Finding {
  return { code, severity: 'warning', scope: 'file', subject, message, values };
}

function byName(a: LeftOut, b: LeftOut): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
