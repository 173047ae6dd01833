import { RECORDING_ERROR } from './flight-plan.js';
import { localToMap } from './local-frame.js';
/** Everything that is known about the set because it was made: what a measurement should find. */
export function describeTruth(design, shots, control, scene) {
    return {
        conventions: {
            poses: 'meters east, north, up of the origin; degrees yaw, pitch, roll as a DJI gimbal states them',
            pixels: '(0, 0) is the center of the upper left pixel',
            heights: 'above the WGS84 ellipsoid',
        },
        flight: {
            origin: design.origin,
            camera: design.camera,
            recordingError: RECORDING_ERROR,
            images: shots.map(({ name, flaw, truePose, recordedPose }) => ({
                name,
                ...(flaw === undefined ? {} : { flaw }),
                truePose,
                recordedPose,
            })),
            groundControl: control.map((point) => ({ ...point, map: localToMap(point, design.origin) })),
        },
        scene: {
            crs: 'EPSG:32632',
            displacement: { eastMeters: scene.shiftEast, northMeters: scene.shiftNorth },
            meaning: 'content of scene.tif minus content of reference.tif; the correction has the opposite sign',
        },
    };
}
//# sourceMappingURL=truth.js.map