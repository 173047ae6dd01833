import { mixedInteger } from './seeded-random.js';
const CROPS = [
    { color: [116, 126, 78], rowContrast: 0.1, rowMeters: 0.5, roughness: 0.9 },
    { color: [186, 176, 92], rowContrast: 0.05, rowMeters: 0.6, roughness: 0.8 },
    { color: [142, 120, 98], rowContrast: 0.16, rowMeters: 0.9, roughness: 1.1 },
    { color: [88, 106, 66], rowContrast: 0.24, rowMeters: 0.8, roughness: 1 },
    { color: [112, 122, 84], rowContrast: 0, rowMeters: 1, roughness: 1.3 },
    { color: [184, 170, 134], rowContrast: 0.12, rowMeters: 0.7, roughness: 1 },
    { color: [98, 114, 72], rowContrast: 0, rowMeters: 1, roughness: 1.4 },
];
const STRIP_METERS = 44;
const TRAMLINE_METERS = 15;
const [COS, SIN] = [Math.cos(0.42), Math.sin(0.42)];
/** Farm land: strips cut into parcels, each with its crop, its rows, its wheel tracks and its grass edge. */
export function createFields(seed, noise) {
    return (east, north, color) => {
        const wave = 2 * noise(east / 18 + 7, north / 18);
        const across = east * COS - north * SIN + wave;
        const along = east * SIN + north * COS + wave;
        const strip = Math.floor(across / STRIP_METERS);
        const length = 34 + (mixedInteger(strip, 1, seed) % 30);
        const parcel = Math.floor((along + (mixedInteger(strip, 2, seed) % 40)) / length);
        const inStrip = across - strip * STRIP_METERS;
        const inParcel = along + (mixedInteger(strip, 2, seed) % 40) - parcel * length;
        const edge = Math.min(inStrip, STRIP_METERS - inStrip, inParcel, length - inParcel);
        const fine = noise(east * 9, north * 9) - 0.5 + 0.9 * (noise(east * 17 + 5, north * 17) - 0.5);
        const grain = 1.2 * fine + 0.7 * (noise(east * 2.9 + 31, north * 2.9) - 0.5);
        const patches = noise(east / 9, north / 9 + 11) - 0.5 + 0.7 * (noise(east / 2.3, north / 2.3) - 0.5);
        if (edge < 0.7 + 0.9 * noise(east / 1.5, north / 1.5)) {
            paint(color, [106, 114, 74], 1 + 0.5 * grain + 0.2 * patches, patches);
            return;
        }
        const crop = CROPS[mixedInteger(strip, parcel, seed) % CROPS.length];
        const isTrack = crop.rowContrast > 0 && Math.abs(Math.abs((inStrip % TRAMLINE_METERS) - 7) - 0.9) < 0.22;
        const row = crop.rowContrast * Math.sin((2 * Math.PI * inStrip) / crop.rowMeters);
        const light = 1 + row + crop.roughness * (0.42 * grain + 0.34 * patches) - (isTrack ? 0.2 : 0);
        paint(color, crop.color, light, patches);
    };
}
/** Dry patches are redder, wet ones greener: fields are never one hue. */
function paint(color, [red, green, blue], light, dryness) {
    color[0] = light * (red + 18 * dryness);
    color[1] = light * (green + 4 * dryness);
    color[2] = light * blue;
}
//# sourceMappingURL=ground-fields.js.map