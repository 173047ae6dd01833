import { describe, expect, it } from '@jest/globals';
import ExifReader from 'exifreader';
import { fromArrayBuffer } from 'geotiff';
import { cameraRotation, projectPoint } from '../../samples/camera.js';
import { markFlaws } from '../../samples/flaws.js';
import { groundExtent, SAMPLE_FLIGHT } from '../../samples/flight-design.js';
import { planFlight } from '../../samples/flight-plan.js';
import { placeControl, sightControl, writeControlList } from '../../samples/ground-control.js';
import { createTexture, paintGround } from '../../samples/ground-texture.js';
import { localToGeodetic, localToMap } from '../../samples/local-frame.js';
import { encodeScene } from '../../samples/scene-file.js';
import { createScenePixels, paintScene, SAMPLE_SCENE } from '../../samples/scene.js';
import { createRelief } from '../../samples/terrain.js';
import { encodeShot } from '../../samples/write-image.js';
const TINY = {
    ...SAMPLE_FLIGHT,
    camera: { width: 160, height: 120, focal: 175 },
    lines: 1,
    imagesPerLine: 3,
    texelMeters: 0.4,
};
async function renderTiny() {
    const relief = createRelief(TINY.seed, groundExtent(TINY));
    const ground = createTexture(TINY);
    // Two halves, the lower first: the order of the bands must not matter.
    const half = Math.floor(ground.height / 2);
    paintGround(ground, TINY, placeControl(TINY, relief), half, ground.height);
    paintGround(ground, TINY, placeControl(TINY, relief), 0, half);
    return Promise.all(planFlight(TINY).map((shot) => encodeShot(shot, TINY, ground, relief)));
}
describe('cameraRotation()', () => {
    it('gives the rows worked out for yaw 32, pitch -88.7, roll 0.4', () => {
        const expected = [
            0.844328878, -0.535690402, 0.012022455, -0.535825271, -0.844109651, 0.01923995, -0.000158386,
            -0.022686781, -0.999742609,
        ];
        const found = cameraRotation({ yaw: 32, pitch: -88.7, roll: 0.4 });
        expected.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 8));
    });
});
describe('projectPoint()', () => {
    const pose = { east: 10, north: -5, up: 80, yaw: 32, pitch: -88.7, roll: 0.4 };
    const camera = { width: 640, height: 480, focal: 560 };
    it('gives the pixel worked out for a point on the ground', () => {
        const pixel = projectPoint(camera, pose, { east: 18, north: 3, up: 1.5 });
        expect(pixel?.u).toBeCloseTo(337.143347, 5);
        expect(pixel?.v).toBeCloseTo(173.652161, 5);
    });
    it('sees nothing above the camera or beside the image', () => {
        expect(projectPoint(camera, pose, { east: 10, north: -5, up: 90 })).toBeUndefined();
        expect(projectPoint(camera, pose, { east: 90, north: -5, up: 0 })).toBeUndefined();
    });
});
describe('localToGeodetic() and localToMap()', () => {
    const point = { east: 74.486885, north: 55.601551, up: 4.999323 };
    it('bring a local point to the place and the map coordinates worked out for it', () => {
        const place = localToGeodetic(point, SAMPLE_FLIGHT.origin);
        expect(place.latitudeDegrees).toBeCloseTo(48.1005, 9);
        expect(place.longitudeDegrees).toBeCloseTo(11.501, 9);
        expect(place.heightMeters).toBeCloseTo(565, 5);
        const map = localToMap(point, SAMPLE_FLIGHT.origin);
        expect(map.easting).toBeCloseTo(686194.3929, 3);
        expect(map.northing).toBeCloseTo(5330496.1181, 3);
    });
});
describe('encodeShot()', () => {
    it('gives the same bytes every time, and other bytes for another image', async () => {
        const [first, second] = [await renderTiny(), await renderTiny()];
        first.forEach((file, index) => expect(Buffer.compare(file, second[index])).toBe(0));
        expect(Buffer.compare(first[0], first[1])).not.toBe(0);
    });
    it('writes tags that give the recorded pose and the focal length back', async () => {
        const files = await renderTiny();
        for (const [index, { recordedPose }] of planFlight(TINY).entries()) {
            const { xmp, gps, exif } = ExifReader.load(Buffer.from(files[index]), { expanded: true });
            const number = (name) => Number(xmp?.[name]?.value);
            expect(number('GimbalYawDegree')).toBe(recordedPose.yaw);
            expect(number('GimbalPitchDegree')).toBe(recordedPose.pitch);
            expect(number('GimbalRollDegree')).toBe(recordedPose.roll);
            expect(xmp?.['GimbalYawDegree']?.value).toMatch(/^[+-]/);
            expect(number('RelativeAltitude')).toBeCloseTo(recordedPose.up, 2);
            expect(number('CalibratedFocalLength')).toBe(TINY.camera.focal);
            const place = localToGeodetic(recordedPose, TINY.origin);
            expect(number('GpsLatitude')).toBeCloseTo(place.latitudeDegrees, 8);
            expect(number('GpsLongitude')).toBeCloseTo(place.longitudeDegrees, 8);
            expect(gps?.Latitude).toBeCloseTo(place.latitudeDegrees, 8);
            expect(gps?.Longitude).toBeCloseTo(place.longitudeDegrees, 8);
            expect(gps?.Altitude).toBeCloseTo(place.heightMeters, 2);
            expect(exif?.DateTimeOriginal?.description).toMatch(/^2025:06:14 10:12:0\d$/);
        }
    });
});
describe('sightControl()', () => {
    const relief = createRelief(SAMPLE_FLIGHT.seed, groundExtent(SAMPLE_FLIGHT));
    const shots = markFlaws(planFlight(SAMPLE_FLIGHT));
    const points = placeControl(SAMPLE_FLIGHT, relief);
    const sightings = sightControl(SAMPLE_FLIGHT, shots, points);
    it('sees every point inside at least four good images', () => {
        for (const { name } of points) {
            expect(sightings.filter(({ point }) => point.name === name).length).toBeGreaterThanOrEqual(4);
        }
        const { width, height } = SAMPLE_FLIGHT.camera;
        for (const { u, v, image } of sightings) {
            expect(u > -0.5 && u < width - 0.5 && v > -0.5 && v < height - 0.5).toBe(true);
            expect(['SKY_0013.JPG', 'SKY_0022.JPG', 'SKY_0031.JPG']).not.toContain(image);
        }
    });
    it('is written as a CRS and one row of seven columns a sighting', () => {
        const [crs, ...rows] = writeControlList(sightings, SAMPLE_FLIGHT).trimEnd().split('\n');
        expect(crs).toBe('EPSG:32632');
        expect(rows).toHaveLength(sightings.length);
        for (const row of rows)
            expect(row.split(' ')).toHaveLength(7);
    });
});
describe('encodeScene()', () => {
    const design = { ...SAMPLE_SCENE, columns: 50, rows: 70 };
    it('gives a GeoTIFF that says where it lies and holds the painted pixels', async () => {
        const pixels = createScenePixels(design);
        paintScene(pixels, design, 0, design.rows);
        const file = encodeScene(pixels, design);
        const image = await (await fromArrayBuffer(file.slice().buffer)).getImage();
        expect(image.getGeoKeys()).toMatchObject({
            ProjectedCSTypeGeoKey: 32632,
            GTRasterTypeGeoKey: 1,
        });
        expect(image.getBoundingBox()).toEqual([681_000, 5_335_560 - 700, 681_500, 5_335_560]);
        const read = await image.readRasters({ interleave: true });
        expect(Buffer.compare(Buffer.from(read), Buffer.from(pixels))).toBe(0);
    });
    it('moves the content by whole pixels when the shift is whole pixels', () => {
        const [still, moved] = [createScenePixels(design), createScenePixels(design)];
        paintScene(still, { ...design, shiftEast: 0, shiftNorth: 0 }, 0, design.rows);
        paintScene(moved, { ...design, shiftEast: 20, shiftNorth: -10 }, 0, design.rows);
        const at = (column, row) => (row * design.columns + column) * 3;
        expect(moved.slice(at(32, 31), at(40, 31))).toEqual(still.slice(at(30, 30), at(38, 30)));
    });
});
//# sourceMappingURL=sample-set.test.js.map