import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { BLUR_SIGMA } from './flaws.js';
import { renderImage } from './render.js';
import { exifOf, xmpOf } from './tags.js';
/** The JPEG of one shot with all its tags, and with its flaw; the same bytes every time. */
export async function encodeShot(shot, design, ground, relief) {
    const { width, height } = design.camera;
    const pixels = renderImage(ground, relief, design.camera, shot.truePose);
    const image = sharp(pixels, { raw: { width, height, channels: 3 } });
    if (shot.flaw === 'blurred')
        image.blur(BLUR_SIGMA);
    const file = await image
        .jpeg({ quality: 90 })
        .withExif(exifOf(shot, design))
        .withXmp(xmpOf(shot, design))
        .toBuffer();
    return shot.flaw === 'truncated' ? file.subarray(0, Math.floor(file.length / 2)) : file;
}
/** Writes one shot to `path`. */
export async function writeShot(path, ...of) {
    await writeFile(path, await encodeShot(...of));
}
//# sourceMappingURL=write-image.js.map