import { RECORDING_ERROR } from './flight-plan.js';
import { localToGeodetic } from './local-frame.js';
/** When the first image of the sample was taken: 10:12 summer time of central Europe. */
const FIRST_SHUTTER = Date.UTC(2025, 5, 14, 8, 12, 0);
const ZONE_HOURS = 2;
const FOCAL_LENGTH_MM = 7;
/** The EXIF of one image, in the form that sharp writes; the position is the recorded one. */
export function exifOf(shot, design) {
    const place = localToGeodetic(shot.recordedPose, design.origin);
    const utc = new Date(FIRST_SHUTTER + Math.round(shot.elapsedSeconds * 1000));
    const local = new Date(utc.getTime() + ZONE_HOURS * 3_600_000).toISOString();
    // Pixels per centimeter on the sensor, such that it agrees with the focal length in pixels.
    const perCentimeter = `${Math.round((design.camera.focal / FOCAL_LENGTH_MM) * 10_000)}/1000`;
    return {
        IFD0: {
            Make: 'Skyloom',
            Model: 'SampleCam',
            Software: 'skyloom samples',
            DateTime: exifTime(local),
        },
        IFD2: {
            DateTimeOriginal: exifTime(local),
            SubSecTimeOriginal: local.slice(20, 23),
            OffsetTimeOriginal: `+0${ZONE_HOURS}:00`,
            ExposureTime: '1/1000',
            FNumber: '56/10',
            ISOSpeedRatings: '100',
            FocalLength: `${FOCAL_LENGTH_MM}/1`,
            FocalPlaneXResolution: perCentimeter,
            FocalPlaneYResolution: perCentimeter,
            FocalPlaneResolutionUnit: '3',
            BodySerialNumber: 'SAMPLE-0001',
        },
        IFD3: {
            GPSLatitudeRef: place.latitudeDegrees < 0 ? 'S' : 'N',
            GPSLatitude: sexagesimal(place.latitudeDegrees),
            GPSLongitudeRef: place.longitudeDegrees < 0 ? 'W' : 'E',
            GPSLongitude: sexagesimal(place.longitudeDegrees),
            GPSAltitudeRef: '0',
            GPSAltitude: `${Math.round(place.heightMeters * 1000)}/1000`,
            GPSDateStamp: exifTime(utc.toISOString()).slice(0, 10),
            GPSTimeStamp: `${utc.getUTCHours()}/1 ${utc.getUTCMinutes()}/1 ${utc.getUTCSeconds() * 1000 + utc.getUTCMilliseconds()}/1000`,
        },
    };
}
/**
 * The XMP of one image, with DJI's names: degrees, meters, and pixels for the focal length.
 *
 * Positions keep 9 decimals of a degree, about 0.1 mm; the altitude is above the ellipsoid.
 */
export function xmpOf(shot, design) {
    const place = localToGeodetic(shot.recordedPose, design.origin);
    const { camera } = design;
    const course = (shot.courseDegrees * Math.PI) / 180;
    const fields = {
        GpsLatitude: signed(place.latitudeDegrees, 9),
        GpsLongitude: signed(place.longitudeDegrees, 9),
        AbsoluteAltitude: signed(place.heightMeters, 3),
        RelativeAltitude: signed(shot.recordedPose.up, 3),
        GimbalYawDegree: signed(shot.recordedPose.yaw, 4),
        GimbalPitchDegree: signed(shot.recordedPose.pitch, 4),
        GimbalRollDegree: signed(shot.recordedPose.roll, 4),
        FlightYawDegree: signed(shot.courseDegrees, 2),
        FlightPitchDegree: '+0.00',
        FlightRollDegree: '+0.00',
        FlightXSpeed: signed(design.speedMetersPerSecond * Math.cos(course), 1),
        FlightYSpeed: signed(design.speedMetersPerSecond * Math.sin(course), 1),
        FlightZSpeed: '+0.0',
        CalibratedFocalLength: camera.focal.toFixed(6),
        CalibratedOpticalCenterX: (camera.width / 2).toFixed(6),
        CalibratedOpticalCenterY: (camera.height / 2).toFixed(6),
        RtkFlag: '50',
        RtkStdLon: RECORDING_ERROR.horizontalMeters.toFixed(5),
        RtkStdLat: RECORDING_ERROR.horizontalMeters.toFixed(5),
        RtkStdHgt: RECORDING_ERROR.verticalMeters.toFixed(5),
        DewarpFlag: '0',
        DewarpData: `2025-01-01;${camera.focal.toFixed(6)},${camera.focal.toFixed(6)},0,0,0,0,0,0,0`,
    };
    const attributes = Object.entries(fields).map(([name, value]) => `drone-dji:${name}="${value}"`);
    return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="DJI Meta Data" xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/" ${attributes.join(' ')}/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
}
const exifTime = (iso) => iso.slice(0, 19).replaceAll('-', ':').replace('T', ' ');
const signed = (value, digits) => (value < 0 ? '' : '+') + value.toFixed(digits);
/** Degrees, minutes and seconds as three fractions; seconds to 1e-6, which is 0.03 mm. */
function sexagesimal(degrees) {
    const millionths = Math.round(Math.abs(degrees) * 3600 * 1e6);
    const seconds = millionths % 60_000_000;
    const minutes = (millionths - seconds) / 60_000_000;
    return `${Math.floor(minutes / 60)}/1 ${minutes % 60}/1 ${seconds}/1000000`;
}
//# sourceMappingURL=tags.js.map