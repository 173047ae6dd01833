import { createLandscape } from './landscape.js';
/** A summer image whose georeference is wrong by a known shift. */
export const SAMPLE_SCENE = {
    seed: 4711,
    season: 'summer',
    columns: 1024,
    rows: 1024,
    pixelMeters: 10,
    west: 681_000,
    north: 5_335_560,
    shiftEast: 3.7,
    shiftNorth: -2.2,
};
/** The same ground in autumn, rightly placed, on a grid of its own, and wider than the scene. */
export const SAMPLE_REFERENCE = {
    ...SAMPLE_SCENE,
    season: 'autumn',
    columns: 1100,
    rows: 1100,
    west: 680_617,
    north: 5_335_934,
    shiftEast: 0,
    shiftNorth: 0,
};
/** Black pixels for the whole scene, shared between threads. */
export function createScenePixels(design) {
    return new Uint8Array(new SharedArrayBuffer(design.columns * design.rows * 3));
}
/**
 * Paints the rows from `firstRow` up to but not including `endRow`; the mean of 2 x 2 samples a pixel.
 *
 * @param pixels row-major from the northwest, red, green, blue.
 */
export function paintScene(pixels, design, firstRow, endRow) {
    const landscape = createLandscape(design.seed, design.season);
    const color = new Float64Array(3);
    const sum = new Float64Array(3);
    for (let i = firstRow * design.columns; i < endRow * design.columns; i++) {
        sum.fill(0);
        for (let part = 0; part < 4; part++) {
            const column = (i % design.columns) + 0.25 + 0.5 * (part % 2);
            const row = Math.floor(i / design.columns) + 0.25 + 0.5 * (part >> 1);
            const east = design.west + column * design.pixelMeters - design.shiftEast;
            landscape(east, design.north - row * design.pixelMeters - design.shiftNorth, color);
            for (let c = 0; c < 3; c++)
                sum[c] += color[c];
        }
        for (let c = 0; c < 3; c++)
            pixels[i * 3 + c] = Math.max(0, Math.min(255, sum[c] / 4 + 0.5));
    }
}
//# sourceMappingURL=scene.js.map