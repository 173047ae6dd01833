import type { Finding, FindingCode } from '../../contracts/findings.ts';

/** More of a kind are counted, not named: a file of a million wrong rows is one fault. */
const NAMED_OF_A_KIND = 100;

interface Kind {
  named: Finding[];
  more: number;
}

/**
 * Findings of which there may be as many as rows of a file: the first hundred of a code are kept, and of the
 * others their number.
 */
export class CountedFindings {
  private readonly kinds = new Map<FindingCode, Kind>();

  add(finding: Finding): void {
    const kind = this.kinds.get(finding.code) ?? { named: [], more: 0 };
    this.kinds.set(finding.code, kind);
    if (kind.named.length < NAMED_OF_A_KIND) kind.named.push(finding);
    else kind.more++;
  }

  /** In the order in which their codes were met. */
  entries(): Finding[] {
    return [...this.kinds.values()].flatMap(({ named, more }) => {
      const last = named.at(-1)!;
      if (more === 0) return named;
      const message = `There are ${more} more like this one: ${last.message}`;
      return [...named, { ...last, message, values: { more } }];
    });
  }
}
