import { groundExtent } from './flight-design.js';
import { paintGround } from './ground-texture.js';
import { paintScene } from './scene.js';
import { createRelief } from './terrain.js';
import { writeShot } from './write-image.js';
/** Runs in a thread of the pool; files and the shared ground are its only results. */
export default async function render(task) {
    switch (task.kind) {
        case 'ground':
            return paintGround(task.ground, task.design, task.targets, task.firstRow, task.endRow);
        case 'image': {
            const relief = createRelief(task.design.seed, groundExtent(task.design));
            return writeShot(task.path, task.shot, task.design, task.ground, relief);
        }
        case 'scene':
            return paintScene(task.pixels, task.design, task.firstRow, task.endRow);
    }
}
//# sourceMappingURL=render-worker.js.map