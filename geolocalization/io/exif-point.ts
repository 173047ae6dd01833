import ExifReader from 'exifreader';

/**
 * Where a camera says that it was, in the EXIF of a picture: a point, which places none of its pixels.
 *
 * @param exif the segment as it stands in the file, with or without `Exif` before it.
 * @returns longitude and latitude, degrees; null when it holds none that can be read.
 */
export function exifPoint(exif: Buffer | undefined): [longitude: number, latitude: number] | null {
  if (exif === undefined) return null;
  const start = exif.subarray(0, 4).toString('latin1') === 'Exif' ? 6 : 0;
  try {
    const { gps } = ExifReader.load(exif.subarray(start), { expanded: true });
    const { Longitude: longitude, Latitude: latitude } = gps ?? {};
    if (longitude === undefined || latitude === undefined) return null;
    const isPlace = Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
    return isPlace && !(longitude === 0 && latitude === 0) ? [longitude, latitude] : null;
  } catch {
    // What no reader of EXIF understands states no point.
    return null;
  }
}
