import sharp from 'sharp';
import type { BundleView } from '../../contracts/bundle.ts';
import { tieImage } from '../model/tie-features.ts';
import type { TieView } from '../model/tie-pairs.ts';

/** Ties need no finer pixels; a wider or higher image is reduced. */
const MOST_SIDE = 2000;
/** Pixels held at once, four bytes each: some more images than one is compared with. */
const MOST_PIXELS = 50e6;

/** Images prepared for matching, each when it is first asked for; the longest unused leaves first. */
export class TieViews {
  private readonly views = new Map<string, { pixels: number; prepared: Promise<TieView> }>();

  /** @param pathOf where the file of the image is. */
  async get(view: BundleView, pathOf: () => Promise<string>): Promise<TieView> {
    // The same file in another flight may have been turned otherwise.
    const key = JSON.stringify(view);
    const entry = this.views.get(key) ?? {
      pixels: pixelsOf(view),
      prepared: pathOf().then((path) => prepare(view, path)),
    };
    this.views.delete(key);
    this.views.set(key, entry);
    this.makeRoom();
    try {
      return await entry.prepared;
    } catch (error) {
      // What could not be read may be there when it is tried again.
      if (this.views.get(key) === entry) this.views.delete(key);
      throw error;
    }
  }

  private makeRoom(): void {
    let pixels = 0;
    for (const [key, entry] of [...this.views].toReversed()) {
      pixels += entry.pixels;
      if (pixels > MOST_PIXELS) this.views.delete(key);
    }
  }
}

function pixelsOf({ view: { camera } }: BundleView): number {
  const { columns, rows } = camera;
  const share = Math.min(1, MOST_SIDE / Math.max(columns, rows));
  return columns * rows * share * share;
}

async function prepare(view: BundleView, path: string): Promise<TieView> {
  const { data, info } = await sharp(path)
    .resize({ width: MOST_SIDE, height: MOST_SIDE, fit: 'inside', withoutEnlargement: true })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const picture = { width: info.width, height: info.height, samples: new Uint8Array(data) };
  return { view, tieImage: tieImage(view, picture) };
}
