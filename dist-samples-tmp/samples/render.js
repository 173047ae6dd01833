import { cameraRotation } from './camera.js';
import { heightAt } from './terrain.js';
/**
 * What the camera sees: row-major, `height` x `width`, red, green, blue.
 *
 * Each pixel's ray meets the relief by fixed-point iteration: a plane at the last height, then the
 * height there, until they agree to 1 mm. It settles because the ground is gentle and the view steep.
 */
export function renderImage(ground, relief, camera, pose) {
    const r = cameraRotation(pose);
    const pixels = new Uint8Array(camera.width * camera.height * 3);
    let height = heightAt(relief, pose.east, pose.north);
    let i = 0;
    for (let v = 0; v < camera.height; v++) {
        const y = (v - (camera.height - 1) / 2) / camera.focal;
        for (let u = 0; u < camera.width; u++, i += 3) {
            const x = (u - (camera.width - 1) / 2) / camera.focal;
            const down = r[6] * x + r[7] * y + r[8];
            const eastPerUp = (r[0] * x + r[1] * y + r[2]) / down;
            const northPerUp = (r[3] * x + r[4] * y + r[5]) / down;
            // The neighbor's height is the best first guess, and mostly within a step of the answer.
            for (let round = 0; round < 50; round++) {
                const fall = height - pose.up;
                const next = heightAt(relief, pose.east + fall * eastPerUp, pose.north + fall * northPerUp);
                const change = Math.abs(next - height);
                height = next;
                if (change < 0.001)
                    break;
            }
            const fall = height - pose.up;
            sampleGround(ground, pose.east + fall * eastPerUp, pose.north + fall * northPerUp, pixels, i);
        }
    }
    return pixels;
}
/** Bilinear between texel centers; beyond the painted ground its border goes on. */
function sampleGround(ground, east, north, out, at) {
    const { pixels, width, height, texelMeters } = ground;
    const x = Math.max(0, Math.min(width - 1.001, (east - ground.west) / texelMeters - 0.5));
    const y = Math.max(0, Math.min(height - 1.001, (ground.north - north) / texelMeters - 0.5));
    const column = Math.floor(x);
    const row = Math.floor(y);
    const fx = x - column;
    const fy = y - row;
    const i = (row * width + column) * 3;
    const j = i + width * 3;
    for (let c = 0; c < 3; c++) {
        const upper = pixels[i + c] + (pixels[i + c + 3] - pixels[i + c]) * fx;
        const lower = pixels[j + c] + (pixels[j + c + 3] - pixels[j + c]) * fx;
        out[at + c] = upper + (lower - upper) * fy + 0.5;
    }
}
//# sourceMappingURL=render.js.map