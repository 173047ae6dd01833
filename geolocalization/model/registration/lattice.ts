import type { PixelWindow } from '../../../maths/raster.ts';
import type { Point } from './shift-model.ts';

/** From a pixel of a grid to a place in a raster, both from pixel centers; null where there is none. */
export type PixelMapping = (x: number, y: number) => Point | null;

/** Pixels between the nodes: over so few neither a projection nor a sensor model bends by a thousandth of one. */
const STEP = 16;

/**
 * A mapping that is computed at every sixteenth pixel and read bilinearly between: a projection costs more
 * than all the rest of a resampled pixel.
 *
 * @param spacing pixels of the grid from one pixel that is asked for to the next.
 */
export function onLattice(mapping: PixelMapping, window: PixelWindow, spacing = 1): PixelMapping {
  const step = STEP * spacing;
  const columns = Math.ceil(window.width / step) + 2;
  const rows = Math.ceil(window.height / step) + 2;
  const nodes: (Point | null)[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      nodes.push(mapping(window.x + column * step, window.y + row * step));
    }
  }
  return (x, y) => {
    const [u, v] = [(x - window.x) / step, (y - window.y) / step];
    const [column, row] = [Math.floor(u), Math.floor(v)];
    if (!(column >= 0 && row >= 0 && column < columns - 1 && row < rows - 1)) return mapping(x, y);
    const first = row * columns + column;
    const [a, b, c, d] = [
      nodes[first],
      nodes[first + 1],
      nodes[first + columns],
      nodes[first + columns + 1],
    ];
    // At the edge of what can be mapped, each pixel by itself.
    if (!a || !b || !c || !d) return mapping(x, y);
    const [s, t] = [u - column, v - row];
    return {
      x: (1 - t) * ((1 - s) * a.x + s * b.x) + t * ((1 - s) * c.x + s * d.x),
      y: (1 - t) * ((1 - s) * a.y + s * b.y) + t * ((1 - s) * c.y + s * d.y),
    };
  };
}
