import type { Place } from './polygon.ts';

/**
 * Finds the neighbors of a place among many without looking at all: places are kept in square cells.
 * Answers come in the order in which the places were given.
 */
export class PointGrid {
  private readonly cells = new Map<string, number[]>();
  private readonly places: readonly Place[];
  private readonly cell: number;

  /** @param cell side of a cell, best about the radius that is asked for; above 0. */
  constructor(places: readonly Place[], cell: number) {
    if (!(cell > 0)) {
      throw new RangeError(`Cannot sort places as cells need a side above 0: found ${cell}`);
    }
    this.places = places;
    this.cell = cell;
    places.forEach(([x, y], index) => {
      const key = this.keyOf(Math.floor(x / cell), Math.floor(y / cell));
      const members = this.cells.get(key);
      if (members === undefined) this.cells.set(key, [index]);
      else members.push(index);
    });
  }

  /** Indices of the places at most `radius` away, in ascending order. */
  within([x, y]: Place, radius: number): number[] {
    const found: number[] = [];
    const [left, right] = [
      Math.floor((x - radius) / this.cell),
      Math.floor((x + radius) / this.cell),
    ];
    const [low, high] = [
      Math.floor((y - radius) / this.cell),
      Math.floor((y + radius) / this.cell),
    ];
    for (let row = low; row <= high; row++) {
      for (let column = left; column <= right; column++) {
        for (const index of this.cells.get(this.keyOf(column, row)) ?? []) {
          const [otherX, otherY] = this.places[index]!;
          if (Math.hypot(otherX - x, otherY - y) <= radius) found.push(index);
        }
      }
    }
    return found.sort((a, b) => a - b);
  }

  private keyOf(column: number, row: number): string {
    return `${column} ${row}`;
  }
}
