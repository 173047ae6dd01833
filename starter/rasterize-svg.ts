import sharp from 'sharp';

/** Pixels of a side: more than that no PNG reader is sure to open. */
const LONGEST_SIDE = 16_384;
/** Twice the pixels of the drawing, so that its text is crisp when it is looked at closely. */
const SCALE = 2;
const CSS_DPI = 72;

/** A picture of points, made of a drawing; `loss` says in a sentence what it lost on the way. */
export interface Picture {
  readonly png: Buffer;
  readonly loss?: string;
}

/** Draws an SVG of ours as PNG, on a light ground. */
export async function rasterizeSvg(svg: string): Promise<Picture> {
  const [, width = '1', height = '1'] = / width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  const longest = Math.max(Number(width), Number(height));
  const scale = Math.min(SCALE, LONGEST_SIDE / longest);
  const png = await sharp(Buffer.from(svg), {
    density: CSS_DPI * scale,
    limitInputPixels: LONGEST_SIDE ** 2,
    unlimited: true,
  })
    .png({ compressionLevel: 9 })
    .toBuffer();
  const losses = [
    ...((await hasFont())
      ? []
      : ['its text is lost, as this machine has no font: install one, or take --format svg']),
    ...(scale < 0.5 ? ['its text is too small to read: take --format svg'] : []),
  ];
  return losses.length === 0
    ? { png }
    : { png, loss: `The picture is drawn, but ${losses.join('; ')}` };
}

/** Without any font, every letter is drawn as the same empty box. */
async function hasFont(): Promise<boolean> {
  const [narrow, wide] = await Promise.all([pixelsOf('i'), pixelsOf('W')]);
  return !narrow.equals(wide);
}

function pixelsOf(letter: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><text x="5" y="22" font-size="18" font-family="sans-serif">${letter}</text></svg>`;
  return sharp(Buffer.from(svg)).raw().toBuffer();
}
