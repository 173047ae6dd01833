import type { Finding } from '../../contracts/findings.ts';
import type { ImageDescription } from '../../contracts/flight.ts';
import { median } from '../../maths/robust.ts';
import { imageError, imageWarning } from './finding.ts';
import { Majority } from './majority.ts';
import { rounded } from './value-spread.ts';

/** Share of a flight that has to be coded alike before another coding means something. */
const CODED_ALIKE = 0.8;
const UNKNOWN_CAMERA = 'unknown camera';

/** What most images of a flight were taken with, and how; bands of one capture are compared among themselves. */
export class CameraNorm {
  private readonly counted = new Majority();
  private readonly cameras = new Majority();
  private readonly serials = new Majority();
  private readonly codings = new Majority();
  private readonly sizes = new Map<string, Majority>();
  private readonly focals = new Map<string, number[]>();
  private readonly middles = new Map<string, number | null>();
  private readonly maxFocalDifference: number;

  /** @param maxFocalDifference share by which a focal length may differ within a flight. */
  constructor(maxFocalDifference: number) {
    this.maxFocalDifference = maxFocalDifference;
  }

  add(description: ImageDescription): void {
    const band = bandOf(description);
    const camera = cameraOf(description);
    this.counted.add(camera ?? UNKNOWN_CAMERA);
    if (camera !== null) this.cameras.add(camera);
    if (isStated(description.serial)) this.serials.add(description.serial);
    if (isStated(description.coding)) this.codings.add(description.coding);
    const sizes = this.sizes.get(band) ?? new Majority();
    sizes.add(sizeOf(description));
    this.sizes.set(band, sizes);
    const { focalPixels } = description;
    if (focalPixels !== null) {
      this.focals.set(band, this.focals.get(band) ?? []);
      this.focals.get(band)!.push(focalPixels);
    }
  }

  /** Cameras with the number of their images, in order of name. */
  entries(): { camera: string; images: number }[] {
    return this.counted.entries().map(([camera, images]) => ({ camera, images }));
  }

  /** Call it when every image was added. */
  findingsOf(name: string, description: ImageDescription): Finding[] {
    const band = bandOf(description);
    const size = sizeFinding(name, description, this.sizes.get(band)?.key ?? null);
    const camera =
      cameraFinding(name, description, this.cameras.key) ??
      serialFinding(name, description, this.serials.key);
    const others = [
      // The focal length of another camera, in pixels of another size, says nothing more.
      size === null && camera === null ? this.focalFinding(name, description, band) : null,
      this.codingFinding(name, description),
    ];
    return [size, camera, ...others].filter((finding) => finding !== null);
  }

  private focalFinding(
    name: string,
    { focalPixels }: ImageDescription,
    band: string,
  ): Finding | null {
    if (!this.middles.has(band)) this.middles.set(band, median(this.focals.get(band) ?? []));
    const middle = this.middles.get(band) ?? null;
    if (focalPixels === null || middle === null) return null;
    const share = Math.abs(focalPixels / middle - 1);
    if (share <= this.maxFocalDifference) return null;
    const message = `Image "${name}" has a focal length of ${focalPixels.toFixed(1)} pixels, the flight ${middle.toFixed(1)}: the lens was zoomed, or its record differs; leave it out, or state camera in flight.json`;
    return imageWarning('FOCAL_MISMATCH', name, message, {
      focalPixels: rounded(focalPixels),
      flightMedian: rounded(middle),
      limit: this.maxFocalDifference,
    });
  }

  private codingFinding(name: string, { coding }: ImageDescription): Finding | null {
    const usual = this.codings.shared(CODED_ALIKE);
    if (!isStated(coding) || usual === null || coding === usual) return null;
    const message = `Image "${name}" is not coded as the camera codes the others: a program may have saved it again, turned or cropped; take the file as the camera wrote it`;
    return imageWarning('EDITED_IMAGE', name, message, { coding, usual });
  }
}

function sizeFinding(
  name: string,
  description: ImageDescription,
  majority: string | null,
): Finding | null {
  const size = sizeOf(description);
  if (majority === null || size === majority) return null;
  const isTurned = majority === `${description.height} x ${description.width}`;
  const turned = isTurned ? ': it was turned by 90 degrees' : '';
  const advice = isTurned
    ? 'take the file as the camera wrote it'
    : 'check it as a flight of its own';
  const message = `Image "${name}" has ${size} pixels, most of the flight ${majority}${turned}; ${advice}, or leave it out`;
  return imageError('SIZE_MISMATCH', name, message, { size, majority });
}

function cameraFinding(
  name: string,
  description: ImageDescription,
  majority: string | null,
): Finding | null {
  const camera = cameraOf(description);
  if (majority === null || camera === null || camera === majority) return null;
  const message = `Image "${name}" was taken by ${camera}, most of the flight by ${majority}: check it as a flight of its own, or leave it out`;
  return imageError('CAMERA_MISMATCH', name, message, { camera, majority });
}

function serialFinding(
  name: string,
  { serial }: ImageDescription,
  majority: string | null,
): Finding | null {
  if (majority === null || !isStated(serial) || serial === majority) return null;
  const message = `Image "${name}" was taken by the camera with serial number ${serial}, most of the flight by ${majority}: check it as a flight of its own, or leave it out`;
  return imageError('CAMERA_MISMATCH', name, message, { serial, majority });
}

/** Make and model, as they are compared and shown; null where the tags name none. */
function cameraOf({ make, model }: ImageDescription): string | null {
  return [make, model].filter((part) => part !== null && part !== '').join(' ') || null;
}

/** The stored size, as it is compared and shown. */
function sizeOf({ width, height }: ImageDescription): string {
  return `${width} x ${height}`;
}

function bandOf({ band }: ImageDescription): string {
  return band?.name ?? String(band?.index ?? '');
}

function isStated(text: string | null | undefined): text is string {
  return text !== null && text !== undefined;
}
