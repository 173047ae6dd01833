import { createCar, createHouse, createTarget } from './ground-buildings.js';
import { createTree } from './ground-trees.js';
import { createRandom } from './seeded-random.js';
import { riverNorthing, roadEasting } from './terrain.js';
/** Everything that stands on the fields, lowest first; survey targets come last, so none is hidden. */
export function createObjects(seed, noise, extent, targets) {
    const random = createRandom(seed ^ 0x0b1ec75);
    const objects = [...village(random, noise, extent), ...woods(random, noise, extent)];
    // A surveyor keeps clear of roofs, crowns and shadows.
    const isClear = (object) => !object.some((stamp) => targets.some((target) => holds(stamp, target)));
    return [...objects.filter(isClear).flat(), ...targets.map(createTarget)];
}
function village(random, noise, extent) {
    const objects = [];
    for (let north = extent.south + 8; north < extent.north; north += 17) {
        for (const side of [-1, 1]) {
            const n = north + random.between(-3, 3);
            const east = roadEasting(n) + side * random.between(13, 19);
            const angle = random.between(-0.25, 0.25);
            const size = { halfLength: random.between(4.5, 7.5), halfWidth: random.between(3.6, 5) };
            const isDry = Math.abs(n - riverNorthing(east)) > 15;
            if (isDry && random.between(0, 1) < 0.7) {
                objects.push(createHouse({ east, north: n, angle, ...size }, random, noise));
            }
        }
        const lane = random.between(0, 1) < 0.5 ? -1.5 : 1.5;
        if (random.between(0, 1) < 0.6)
            objects.push(createCar(lane, north + 7, random));
    }
    return objects;
}
function woods(random, noise, extent) {
    const places = [];
    for (let east = extent.west; east < extent.east; east += random.between(3, 12)) {
        places.push([
            east,
            riverNorthing(east) + (random.between(0, 1) < 0.5 ? -1 : 1) * random.between(7, 12),
        ]);
    }
    for (let i = 0; i < 130; i++) {
        const [east, north] = [
            random.between(extent.west, extent.east),
            random.between(extent.south, extent.north),
        ];
        // Groves: trees stand together, as the noise of their surroundings decides.
        if (noise(east / 24 + 90, north / 24 + 40) > 0.62)
            places.push([east, north]);
    }
    const isFree = ([east, north]) => Math.abs(east - roadEasting(north)) > 6.5;
    return places.filter(isFree).map(([east, north]) => createTree(east, north, random, noise));
}
function holds(stamp, { east, north }) {
    return (east > stamp.west - 1 &&
        east < stamp.east + 1 &&
        north > stamp.south - 1 &&
        north < stamp.north + 1);
}
//# sourceMappingURL=ground-objects.js.map