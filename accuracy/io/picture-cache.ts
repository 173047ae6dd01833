import sharp from 'sharp';
import type { ImagePixels } from '../../maths/ground-patch.ts';

/** Ties need no finer pixels; a wider image is reduced. */
const MOST_COLUMNS = 2000;
/** Pixels held at once, a byte each. */
const MOST_PIXELS = 200e6;

/** Grey pixels of images, decoded when they are first asked for; the longest unused leaves first. */
export class PictureCache {
  private readonly pictures = new Map<string, ImagePixels>();
  private pixels = 0;

  async get(key: string, path: string): Promise<ImagePixels> {
    const known = this.pictures.get(key);
    if (known !== undefined) {
      this.pictures.delete(key);
      this.pictures.set(key, known);
      return known;
    }
    const { data, info } = await sharp(path)
      .resize({
        width: MOST_COLUMNS,
        height: MOST_COLUMNS,
        fit: 'inside',
        withoutEnlargement: true,
      })
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const picture = { width: info.width, height: info.height, samples: new Uint8Array(data) };
    this.pictures.set(key, picture);
    this.pixels += picture.samples.length;
    for (const [oldest, { samples }] of this.pictures) {
      if (this.pixels <= MOST_PIXELS || oldest === key) break;
      this.pictures.delete(oldest);
      this.pixels -= samples.length;
    }
    return picture;
  }
}
