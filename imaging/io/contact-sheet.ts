import sharp, { type OverlayOptions, type Sharp } from 'sharp';

const GAP = 8;
const SQUARE = 16;

/** How large the sheet gets, pixels. */
export function contactSheetSize(cells: number, columns: number, size: number) {
  const across = Math.min(columns, Math.max(1, cells));
  const down = Math.max(1, Math.ceil(cells / columns));
  const step = size + GAP;
  return { width: GAP + across * step, height: GAP + down * step };
}

/**
 * Small pictures in rows, each in the middle of its cell. Cells are checkered, so that what is
 * transparent can be told from what is white; a cell without a picture stays empty.
 */
export async function contactSheet(
  cells: readonly (Uint8Array | null)[],
  columns: number,
  size: number,
): Promise<Sharp> {
  const step = size + GAP;
  const [board, empty] = [Buffer.from(checkers(size)), Buffer.from(nothing(size))];
  const layers: OverlayOptions[] = [];
  for (const [index, cell] of cells.entries()) {
    const left = GAP + (index % columns) * step;
    const top = GAP + Math.floor(index / columns) * step;
    layers.push({ input: cell === null ? empty : board, left, top });
    if (cell === null) continue;
    const { width, height } = await sharp(cell).metadata();
    layers.push({
      input: Buffer.from(cell),
      left: left + ((size - width) >> 1),
      top: top + ((size - height) >> 1),
    });
  }
  return sharp({
    create: {
      ...contactSheetSize(cells.length, columns, size),
      channels: 3,
      background: '#ffffff',
    },
  })
    .composite(layers)
    .removeAlpha();
}

function checkers(size: number): string {
  const pattern = `<pattern id="p" width="${2 * SQUARE}" height="${2 * SQUARE}" patternUnits="userSpaceOnUse"><rect width="${2 * SQUARE}" height="${2 * SQUARE}" fill="#fff"/><rect width="${SQUARE}" height="${SQUARE}" fill="#ddd"/><rect x="${SQUARE}" y="${SQUARE}" width="${SQUARE}" height="${SQUARE}" fill="#ddd"/></pattern>`;
  return `<svg width="${size}" height="${size}"><defs>${pattern}</defs><rect width="${size}" height="${size}" fill="url(#p)"/></svg>`;
}

/** A crossed out cell: there was an image, and nothing to show of it. */
function nothing(size: number): string {
  return `<svg width="${size}" height="${size}"><rect width="${size}" height="${size}" fill="#eee"/><path d="M0 0L${size} ${size}M${size} 0L0 ${size}" stroke="#bbb" stroke-width="2"/></svg>`;
}
