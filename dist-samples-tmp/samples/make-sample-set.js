import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { markFlaws } from './flaws.js';
import { groundExtent, SAMPLE_FLIGHT } from './flight-design.js';
import { planFlight } from './flight-plan.js';
import { placeControl, sightControl, writeControlList } from './ground-control.js';
import { createTexture } from './ground-texture.js';
import { renderInThreads } from './render-pool.js';
import { encodeScene } from './scene-file.js';
import { createScenePixels, SAMPLE_REFERENCE, SAMPLE_SCENE } from './scene.js';
import { createRelief } from './terrain.js';
import { describeTruth } from './truth.js';
/** Bands of rows that are painted at once, so that every thread has work until the end. */
const BANDS = 8;
/** Makes the whole set in an empty folder: a flight, a scene, its reference, and the truth. */
export async function makeSampleSet(folder, onProgress) {
    const design = SAMPLE_FLIGHT;
    const shots = markFlaws(planFlight(design));
    const control = placeControl(design, createRelief(design.seed, groundExtent(design)));
    for (const name of ['flight/images', 'scene', 'scene-reference']) {
        await mkdir(path.join(folder, name), { recursive: true });
    }
    const sightings = sightControl(design, shots, control);
    await writeFile(path.join(folder, 'flight/gcp_list.txt'), writeControlList(sightings, design));
    const truth = describeTruth(design, shots, control, SAMPLE_SCENE);
    await writeFile(path.join(folder, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
    const ground = createTexture(design);
    const scenes = createScenes(folder);
    const painting = [...groundTasks(design, ground, control), ...scenes.flatMap(sceneTasks)];
    const images = imageTasks(folder, design, ground, shots);
    const total = painting.length + images.length;
    let done = 0;
    const onDone = (task) => onProgress(++done, total, inWords(task));
    await renderInThreads([painting, images], onDone);
    for (const scene of scenes)
        await writeFile(scene.path, encodeScene(scene.pixels, scene.design));
    await copyRepeated(folder, shots);
}
function createScenes(folder) {
    const scene = (name, design) => ({
        path: path.join(folder, name),
        design,
        pixels: createScenePixels(design),
    });
    return [
        scene('scene/scene.tif', SAMPLE_SCENE),
        scene('scene-reference/reference.tif', SAMPLE_REFERENCE),
    ];
}
function groundTasks(design, ground, targets) {
    return bands(ground.height).map((rows) => ({ kind: 'ground', design, ground, targets, ...rows }));
}
function sceneTasks({ design, pixels }) {
    return bands(design.rows).map((rows) => ({ kind: 'scene', design, pixels, ...rows }));
}
function bands(rows) {
    const edge = (band) => Math.floor((rows * band) / BANDS);
    return Array.from({ length: BANDS }, (_, band) => ({
        firstRow: edge(band),
        endRow: edge(band + 1),
    }));
}
function imageTasks(folder, design, ground, shots) {
    return shots
        .filter((shot) => shot.flaw !== 'copy')
        .map((shot) => ({ kind: 'image', design, ground, shot, path: imagePath(folder, shot) }));
}
async function copyRepeated(folder, shots) {
    for (const [index, shot] of shots.entries()) {
        if (shot.flaw !== 'copy')
            continue;
        await copyFile(imagePath(folder, shots[index - 1]), imagePath(folder, shot));
    }
}
const imagePath = (folder, shot) => path.join(folder, 'flight/images', shot.name);
function inWords(task) {
    return task.kind === 'image' ? `${task.shot.name} rendered` : `${task.kind} painted`;
}
//# sourceMappingURL=make-sample-set.js.map