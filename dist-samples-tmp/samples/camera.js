/**
 * E Rz(yaw) Ry(pitch) Rx(roll) P, multiplied out: the columns of the body's rotation in north, east,
 * down are forward, right and down, and the camera's right, down and forward are those in turn.
 *
 * Written apart from the product's own rotations, so that the sample can contradict them.
 */
export function cameraRotation(attitude) {
    const radians = Math.PI / 180;
    const [cy, sy] = [Math.cos(attitude.yaw * radians), Math.sin(attitude.yaw * radians)];
    const [cp, sp] = [Math.cos(attitude.pitch * radians), Math.sin(attitude.pitch * radians)];
    const [cr, sr] = [Math.cos(attitude.roll * radians), Math.sin(attitude.roll * radians)];
    return [
        sy * sp * sr + cy * cr,
        sy * sp * cr - cy * sr,
        sy * cp,
        cy * sp * sr - sy * cr,
        cy * sp * cr + sy * sr,
        cy * cp,
        -cp * sr,
        -cp * cr,
        sp,
    ];
}
/** Where a ground point falls in the image; undefined when it is outside or behind the camera. */
export function projectPoint(camera, pose, point) {
    const r = cameraRotation(pose);
    const [e, n, h] = [point.east - pose.east, point.north - pose.north, point.up - pose.up];
    const forward = r[2] * e + r[5] * n + r[8] * h;
    if (forward <= 0)
        return undefined;
    const u = (camera.width - 1) / 2 + (camera.focal * (r[0] * e + r[3] * n + r[6] * h)) / forward;
    const v = (camera.height - 1) / 2 + (camera.focal * (r[1] * e + r[4] * n + r[7] * h)) / forward;
    const isInside = u >= -0.5 && v >= -0.5 && u < camera.width - 0.5 && v < camera.height - 0.5;
    return isInside ? { u, v } : undefined;
}
//# sourceMappingURL=camera.js.map