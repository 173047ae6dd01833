import type { StoredImage } from '../../../contracts/images.ts';

/** What `image.cutout@1` says of one image. */
export interface Cut {
  outcome: string;
  image: StoredImage | null;
  confidence: number;
  coverage: number;
  box: { left: number; top: number; width: number; height: number } | null;
  method: string;
  model: { id: string; sha256: string; licence: string } | null;
}
