import { createNoise } from './value-noise.js';
const STEP_METERS = 2;
/** The river's northing at `east`; it lies lower than the land beside it. */
export const riverNorthing = (east) => -26 + 9 * Math.sin(east / 31) + 4 * Math.sin(east / 13 + 1);
/** The road's easting at `north`. */
export const roadEasting = (north) => 12 + 14 * Math.sin(north / 43);
/** Rolling ground of some meters, with a valley along the river. Covers 20 m more than `extent`. */
export function createRelief(seed, extent) {
    const noise = createNoise(seed ^ 0x7e11e7);
    const west = extent.west - 20;
    const north = extent.north + 20;
    const columns = Math.ceil((extent.east + 20 - west) / STEP_METERS) + 1;
    const rows = Math.ceil((north - extent.south + 20) / STEP_METERS) + 1;
    const heights = new Float64Array(columns * rows);
    for (let i = 0; i < heights.length; i++) {
        const e = west + (i % columns) * STEP_METERS;
        const n = north - Math.floor(i / columns) * STEP_METERS;
        const valley = Math.exp(-(((n - riverNorthing(e)) / 14) ** 2));
        heights[i] =
            5 * (noise(e / 52, n / 52) - 0.5) + 1.6 * (noise(e / 21, n / 21) - 0.5) - 1.4 * valley;
    }
    return { west, north, columns, rows, heights };
}
/** Height of the ground, bilinear between the grid's crossings; beyond the grid its border goes on. */
export function heightAt(relief, east, north) {
    const x = Math.max(0, Math.min(relief.columns - 1.001, (east - relief.west) / STEP_METERS));
    const y = Math.max(0, Math.min(relief.rows - 1.001, (relief.north - north) / STEP_METERS));
    const column = Math.floor(x);
    const row = Math.floor(y);
    const i = row * relief.columns + column;
    const j = i + relief.columns;
    const { heights } = relief;
    const upper = heights[i] + (heights[i + 1] - heights[i]) * (x - column);
    const lower = heights[j] + (heights[j + 1] - heights[j]) * (x - column);
    return upper + (lower - upper) * (y - row);
}
//# sourceMappingURL=terrain.js.map