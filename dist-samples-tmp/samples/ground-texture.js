import { groundExtent } from './flight-design.js';
import { createFields } from './ground-fields.js';
import { createObjects } from './ground-objects.js';
import { createRiver, createRoad } from './ground-ways.js';
import { createNoise } from './value-noise.js';
/** An unpainted ground that holds every image of the flight. */
export function createTexture(design) {
    const { west, east, south, north } = groundExtent(design);
    const width = Math.ceil((east - west) / design.texelMeters);
    const height = Math.ceil((north - south) / design.texelMeters);
    const pixels = new Uint8Array(new SharedArrayBuffer(width * height * 3));
    return { pixels, width, height, west, north, texelMeters: design.texelMeters };
}
/**
 * Paints the rows from `firstRow` up to but not including `endRow`.
 *
 * A texel depends on its own place only, so rows may be painted in any order and by any thread.
 */
export function paintGround(texture, design, targets, firstRow, endRow) {
    const noise = createNoise(design.seed);
    const base = [createFields(design.seed, noise), createRiver(noise), createRoad(noise)];
    const whole = { west: -Infinity, east: Infinity, south: -Infinity, north: Infinity };
    const paintBase = (east, north, color) => {
        for (const layer of base)
            layer(east, north, color);
    };
    const stamps = createObjects(design.seed, noise, groundExtent(design), targets);
    for (const stamp of [{ ...whole, paint: paintBase }, ...stamps]) {
        applyStamp(texture, stamp, firstRow, endRow);
    }
}
function applyStamp(texture, stamp, firstRow, endRow) {
    const { pixels, width, west, north, texelMeters } = texture;
    const top = Math.max(firstRow, Math.floor((north - stamp.north) / texelMeters));
    const bottom = Math.min(endRow, Math.ceil((north - stamp.south) / texelMeters));
    const left = Math.max(0, Math.floor((stamp.west - west) / texelMeters));
    const right = Math.min(width, Math.ceil((stamp.east - west) / texelMeters));
    const color = new Float64Array(3);
    for (let row = top; row < bottom; row++) {
        const n = north - (row + 0.5) * texelMeters;
        for (let column = left, i = (row * width + left) * 3; column < right; column++, i += 3) {
            color[0] = pixels[i];
            color[1] = pixels[i + 1];
            color[2] = pixels[i + 2];
            stamp.paint(west + (column + 0.5) * texelMeters, n, color);
            for (let c = 0; c < 3; c++)
                pixels[i + c] = Math.max(0, Math.min(255, color[c] + 0.5));
        }
    }
}
//# sourceMappingURL=ground-texture.js.map