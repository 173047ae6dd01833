const NARROW = /[ijlI.,:;'|!·]/;
const LOW = /[ftr()[\]{}/\\ "`*°-]/;
const WIDE = /[mwMWOQGDHNU%@#&+<>=~^_←→⤳…≤≥×]/;

/** Shares of the font size, none below what DejaVu Sans takes: the widest of the common sans-serif fonts. */
function advanceOf(sign: string): number {
  if (NARROW.test(sign)) return 0.4;
  if (LOW.test(sign)) return 0.53;
  if (WIDE.test(sign)) return 1.02;
  if (/[\d?$]/.test(sign)) return 0.66;
  if (/[a-z]/.test(sign)) return 0.66;
  if (/[A-Z]/.test(sign)) return 0.75;
  if (/\p{M}/u.test(sign)) return 0;
  if (/[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u.test(sign)) return 0.95;
  return 1.3;
}

const BOLD = 1.13;

/**
 * Room that a line of text needs, in pixels, whatever sans-serif font the reader has: rather too much
 * than too little.
 */
export function textWidth(text: string, fontSize: number, isBold = false): number {
  let width = 0;
  for (const sign of text) width += advanceOf(sign);
  return width * fontSize * (isBold ? BOLD : 1);
}

/**
 * Breaks text into lines that fit: at spaces where there are any, inside of words where not, and with an
 * ellipsis where the last line is not the end.
 *
 * @param width in pixels.
 */
export function breakLines(
  text: string,
  { width, fontSize, isBold = false, most }: LineRules,
): string[] {
  const fits = (line: string) => textWidth(line, fontSize, isBold) <= width;
  const lines: string[] = [];
  let left = text.trim();
  while (left !== '' && lines.length < most) {
    const isLast = lines.length === most - 1;
    const line = fits(left) ? left : longestStart(left, fits, isLast ? '…' : '');
    lines.push(line);
    left = isLast ? '' : left.slice(line.length).trimStart();
  }
  return lines;
}

interface LineRules {
  readonly width: number;
  readonly fontSize: number;
  readonly isBold?: boolean;
  /** Lines that there may be. */
  readonly most: number;
}

/** As much of a text as fits with `end` after it; up to a space where that keeps at least half of it. */
function longestStart(text: string, fits: (line: string) => boolean, end: string): string {
  let start = '';
  for (const sign of text) {
    if (!fits(start + sign + end)) break;
    start += sign;
  }
  const space = start.lastIndexOf(' ');
  const isAtWord = text[start.length] === ' ';
  if (end === '' && !isAtWord && space > start.length / 2) start = start.slice(0, space);
  return start.trimEnd() + end;
}
