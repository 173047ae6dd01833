/** Samples of the moving average that blurs the image for comparison. */
const WINDOW = 11;
const HALF = (WINDOW - 1) / 2;

/** Samples beside a position that it is judged by. */
export const REACH = HALF + 1;

/**
 * Perceptual blur along one axis: how little an image changes when it is blurred along it.
 *
 * 0 is sharp, 1 is featureless. Unlike the variance of the Laplacian it hardly depends on what is
 * seen, so images of one flight can be compared. Two leading and one trailing rows and columns are left
 * out. An image without any edge counts as 1.
 *
 * Source: F. Crete, T. Dolmiere, P. Ladret and M. Nicolas, "The blur effect: perception and
 * estimation with a new no-reference perceptual blur metric", SPIE 6492, 2007.
 */
export class BlurSums {
  /**
   * All edges, and twice what blurring takes from them. An array of numbers, as the compiler does not know of
   * a field that it will stay one, and then makes an object of every sum: that takes twice the time.
   */
  private readonly sums = new Float64Array(2);

  get blur(): number {
    const [edges = 0, lostTwice = 0] = this.sums;
    return edges === 0 ? 1 : (edges - lostTwice / 2) / edges;
  }

  /**
   * Adds the positions of one line.
   *
   * The slope of a moving average is the difference of the samples that enter and leave the window,
   * so that the blurred image itself is never made. What is lost is counted as d + |d|, twice the
   * positive part: a condition is guessed wrong at every second pixel, which takes longer than all else.
   *
   * @param samples smoothed across the axis.
   * @param startAt where the line begins that lies so many steps along the axis.
   */
  add(samples: Float64Array, startAt: (step: number) => number, length: number): void {
    const next = startAt(1);
    const before = startAt(-1);
    const far1 = startAt(HALF + 1);
    const far2 = startAt(HALF);
    const near1 = startAt(-HALF);
    const near2 = startAt(-HALF - 1);
    let edges = this.sums[0]!;
    let lostTwice = this.sums[1]!;
    for (let i = 2; i < length - 1; i++) {
      const edge = Math.abs(samples[next + i]! - samples[before + i]!);
      const entered = samples[far1 + i]! + samples[far2 + i]!;
      const left = samples[near1 + i]! + samples[near2 + i]!;
      const lost = edge - Math.abs(entered - left) / WINDOW;
      edges += edge;
      lostTwice += lost + Math.abs(lost);
    }
    this.sums[0] = edges;
    this.sums[1] = lostTwice;
  }
}
