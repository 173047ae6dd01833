import type { AssessmentRequest } from '../../contracts/assessment.ts';
import type { ControlSheet } from '../../contracts/control-sheet.ts';
import type { Finding } from '../../contracts/findings.ts';
import type { FlightImage, ImageDescription } from '../../contracts/flight.ts';
import { geodeticToEnu, groundDistanceMeters } from '../../maths/geodesy.ts';
import type { Place } from '../../maths/polygon.ts';
import { median } from '../../maths/robust.ts';
import { subtract } from '../../maths/vector.ts';
import type { AssessmentPlan, PlannedPoint } from './assessment-plan.ts';
import { controlFinding, controlWeaknesses } from './control-checks.ts';
import { estimateHeightOffset } from './height-offset.ts';
import { cameraOf, heightOf, isKnown, poseOf } from './image-camera.ts';
import { ImageNames } from './image-names.ts';
import { turnBack } from './turned-images.ts';
import { intersectRays, isIntersection, type ObservedRay } from './ray-intersection.ts';

/** Points further from every image belong to another place, or another system; meters. */
const FARTHEST = 20_000;
/** Heights that differ by less can be an error, by more only another datum; meters. */
const LEAST_OFFSET = 5;
/** Origins are rounded, so that they can be read: 1e-6 degrees are a tenth of a meter. */
const ORIGIN_DIGITS = 6;

type Placed = Pick<FlightImage, 'name' | 'description' | 'usable' | 'findings'>;

/** Brings the control of a flight into one frame with its images. Images are added page by page. */
export class PlanBuilder {
  private readonly request: AssessmentRequest;
  private readonly sheets: readonly ControlSheet[];
  private readonly names = new ImageNames();
  private readonly observed = new Set<string>();
  private readonly images = new Map<string, Placed>();
  private readonly places: { latitude: number; longitude: number }[] = [];
  private readonly grounds: number[] = [];
  private readonly turned: Record<string, number> = {};

  constructor(request: AssessmentRequest, sheets: readonly ControlSheet[]) {
    this.request = request;
    this.sheets = sheets;
    const wanted = new ImageNames();
    for (const { observations } of sheets) {
      for (const { image } of observations) wanted.add(image);
    }
    this.isObserved = (name) => wanted.find(name) !== null;
  }

  private readonly isObserved: (name: string) => boolean;

  add(images: readonly FlightImage[]): void {
    for (const { name, description, usable, findings } of images) {
      this.names.add(name);
      const turn = turnOf(findings);
      if (turn !== 0) this.turned[name] = turn;
      if (this.isObserved(name)) {
        this.observed.add(name);
        this.images.set(name, { name, description, usable, findings });
      }
      if (!usable || description === null || description.position === null) continue;
      this.places.push(description.position);
      const height = heightOf(description, this.heights);
      const above = description.relativeAltitude;
      if (height !== null && above !== null && above > 0) this.grounds.push(height - above);
    }
  }

  build(subject: string): AssessmentPlan {
    const { camera = {}, gate = {}, accuracyClass, dem } = this.request;
    const findings: Finding[] = [];
    const origin = this.origin();
    const control = this.control(origin, subject, findings);
    const separation = gate.geoidSeparationMeters ?? 0;
    const plan: AssessmentPlan = {
      schemaVersion: 1,
      origin,
      heights: this.heights,
      takenOffHeights: separation,
      heightOffset: null,
      groundUp: null,
      dem: dem ?? null,
      camera,
      gate,
      classHorizontal: accuracyClass === undefined ? null : accuracyClass / 100,
      classVertical:
        gate.verticalClassCentimeters === undefined ? null : gate.verticalClassCentimeters / 100,
      ...control,
      turned: this.turned,
      findings,
    };
    this.settleHeights(plan, subject);
    const heights = plan.points.flatMap(({ position, isHeightKnown }) =>
      isHeightKnown ? position[2] : [],
    );
    const ground = median(this.grounds);
    plan.groundUp = median(heights) ?? (ground === null ? null : ground - plan.takenOffHeights);
    // Without a height of its own a point is taken to lie on the ground.
    plan.points = plan.points.map((point) =>
      point.isHeightKnown
        ? point
        : { ...point, position: [point.position[0], point.position[1], plan.groundUp ?? 0] },
    );
    if (plan.points.length > 0) {
      const cameras = this.places.map(({ latitude, longitude }): Place => {
        const place = { latitudeDegrees: latitude, longitudeDegrees: longitude, heightMeters: 0 };
        const [east, north] = geodeticToEnu(place, origin);
        return [east, north];
      });
      findings.push(...controlWeaknesses(subject, plan.points, plan.observations, cameras));
    }
    return plan;
  }

  private get heights(): AssessmentPlan['heights'] {
    return this.request.heights ?? null;
  }

  private origin(): AssessmentPlan['origin'] {
    const middle = (values: number[]) => Number((median(values) ?? 0).toFixed(ORIGIN_DIGITS));
    return {
      latitudeDegrees: middle(this.places.map(({ latitude }) => latitude)),
      longitudeDegrees: middle(this.places.map(({ longitude }) => longitude)),
      heightMeters: 0,
    };
  }

  private control(
    origin: AssessmentPlan['origin'],
    subject: string,
    findings: Finding[],
  ): Pick<AssessmentPlan, 'points' | 'observations' | 'unused' | 'noControl'> {
    const empty = { points: [], observations: {}, unused: [] };
    if (this.sheets.length === 0) {
      return {
        ...empty,
        noControl:
          'there is no list of surveyed points: put gcp_list.txt beside the images, or name one with --control',
      };
    }
    const near = this.sheets.filter((sheet) => {
      const finding = this.farAway(sheet);
      if (finding !== null) findings.push(finding);
      return finding === null;
    });
    if (near.length === 0) {
      return { ...empty, noControl: findings[0]?.message ?? 'no list of points can be used' };
    }
    const points = new Map<string, PlannedPoint>();
    for (const { role, points: listed } of near) {
      for (const { name, latitude, longitude, height } of listed) {
        const place = {
          latitudeDegrees: latitude,
          longitudeDegrees: longitude,
          heightMeters: height ?? 0,
        };
        const position = geodeticToEnu(place, origin);
        points.set(name, { name, position, isHeightKnown: height !== null, role });
      }
    }
    const { observations, unused } = this.observations(near, subject, findings);
    const isSeen = Object.keys(observations).length > 0;
    return {
      points: [...points.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      observations,
      unused,
      noControl: isSeen
        ? null
        : 'no surveyed point is marked in a usable image of the flight: do the names of the images in the list fit?',
    };
  }

  /** A list that lies elsewhere is not used; the exchange of its columns is tried, to name the cause. */
  private farAway({ file, points, exchanged }: ControlSheet): Finding | null {
    if (this.places.length === 0 || points.length === 0) return null;
    const reach = (place: { longitude: number; latitude: number }) =>
      this.places.reduce(
        (least, { longitude, latitude }) =>
          Math.min(
            least,
            groundDistanceMeters([place.longitude, place.latitude], [longitude, latitude]),
          ),
        Infinity,
      );
    const some = points.filter((_, index) => index % Math.ceil(points.length / 20) === 0);
    const nearest = Math.min(...some.map(reach));
    if (nearest <= FARTHEST) return null;
    const isExchanged = exchanged !== null && reach(exchanged) <= FARTHEST;
    const hint = isExchanged
      ? 'with x and y exchanged they would lie in it: the first column is easting or longitude'
      : 'is the coordinate system on the first line the right one?';
    return controlFinding(
      'CRS_SUSPECT',
      'error',
      file,
      `The points of "${file}" lie ${(nearest / 1000).toFixed(0)} km from the flight: ${hint}`,
      { nearestMeters: nearest, isExchanged },
    );
  }

  private observations(
    sheets: readonly ControlSheet[],
    subject: string,
    findings: Finding[],
  ): Pick<AssessmentPlan, 'observations' | 'unused'> {
    const observations: AssessmentPlan['observations'] = {};
    const unused: AssessmentPlan['unused'] = [];
    const missing = new Set<string>();
    for (const { observations: listed, file } of sheets) {
      const rescale = this.rescaling(listed, file, findings);
      for (const { point, image: named, u, v } of listed) {
        const name = this.names.find(named);
        const image = name === null ? undefined : this.images.get(name);
        if (name === null || image === undefined) {
          missing.add(named);
          unused.push({ point, image: named, reason: 'the flight has no such image' });
        } else if (!image.usable) {
          unused.push({ point, image: name, reason: 'the image was left out at ingestion' });
        } else {
          const pixel = this.upright(image, rescale(image, [u, v]));
          (observations[name] ??= []).push({ point, pixel });
        }
      }
    }
    for (const name of [...missing].sort()) {
      findings.push(
        controlFinding(
          'GCP_IMAGE_MISSING',
          'warning',
          subject,
          `The control names image "${name}", which the flight has not: its rows are kept as unused`,
          { image: name },
        ),
      );
    }
    for (const seen of Object.values(observations)) {
      seen.sort((a, b) => (a.point < b.point ? -1 : 1));
    }
    return { observations, unused };
  }

  /** Of an image that was turned after it was taken the pixel is turned back, so that its pose may stay. */
  private upright({ name, description }: Placed, pixel: [number, number]): [number, number] {
    const turn = this.turned[name];
    if (turn === undefined || description === null) return pixel;
    const [u, v] = turnBack({ columns: description.width, rows: description.height }, pixel, turn);
    return [u, v];
  }

  /** Pixels that reach beyond a reduced image were counted in the original. */
  private rescaling(
    listed: ControlSheet['observations'],
    file: string,
    findings: Finding[],
  ): (image: Placed, pixel: readonly [number, number]) => [number, number] {
    const reduced = listed.filter(({ image, u, v }) => {
      const name = this.names.find(image);
      const description = name === null ? null : (this.images.get(name)?.description ?? null);
      return description !== null && scaleOf(description) < 1 && isBeyond(description, u, v);
    });
    if (reduced.length === 0) return (_image, [u, v]) => [u, v];
    findings.push(
      controlFinding(
        'GCP_RESCALED',
        'warning',
        file,
        `The pixels of "${file}" reach beyond the stored images, which were made smaller: they are taken as counted in the originals`,
        { observations: reduced.length },
      ),
    );
    return ({ description }, [u, v]) => {
      const scale = description === null ? 1 : scaleOf(description);
      return [(u + 0.5) * scale - 0.5, (v + 0.5) * scale - 0.5];
    };
  }

  /** Where nobody said what heights are above, an offset that is no error is taken off. */
  private settleHeights(plan: AssessmentPlan, subject: string): void {
    if (plan.heights !== null) return;
    const offset = estimateHeightOffset(this.heightsByRays(plan));
    plan.heightOffset = offset;
    if (offset === null || Math.abs(offset.meters) < Math.max(LEAST_OFFSET, 3 * offset.nmad))
      return;
    plan.takenOffHeights += offset.meters;
    plan.findings.push(
      controlFinding(
        'ALTITUDE_DATUM_SUSPECT',
        'warning',
        subject,
        `The cameras are ${offset.meters.toFixed(1)} m too high for the surveyed points, as heights above the ellipsoid are for heights above the sea: it was taken off; say --heights if both have one datum`,
        { meters: offset.meters, nmad: offset.nmad, points: offset.points },
      ),
    );
  }

  private heightsByRays(plan: AssessmentPlan): { up: number | null }[] {
    const rays = new Map<string, ObservedRay[]>();
    for (const [name, seen] of Object.entries(plan.observations)) {
      const image = this.images.get(name)!;
      const camera = cameraOf(image.description!, plan.camera);
      const pose = poseOf({ ...image, file: null }, plan);
      if (!isKnown(camera) || !isKnown(pose)) continue;
      for (const { point, pixel } of seen) {
        const others = rays.get(point) ?? [];
        rays.set(point, [...others, { camera, pose, pixel }]);
      }
    }
    return plan.points.flatMap(({ name, position, isHeightKnown }) => {
      const met = isHeightKnown ? intersectRays(rays.get(name) ?? []) : null;
      return met !== null && isIntersection(met) ? [{ up: subtract(met.point, position)[2] }] : [];
    });
  }
}

/** The turn that ingestion found by comparing the image with its neighbors, degrees. */
function turnOf(findings: readonly Finding[]): number {
  const found = findings.find(({ code }) => code === 'YAW_IMAGE_INCONSISTENT')?.values;
  const turn = found?.['turnDegrees'] ?? found?.['angleDegrees'] ?? found?.['angle'];
  return typeof turn === 'number' ? turn : 0;
}

function scaleOf({ width, originalWidth }: ImageDescription): number {
  return originalWidth && originalWidth > width && width > 0 ? width / originalWidth : 1;
}

/** Well beyond: a pointing that is off by some pixels is no other scale. */
function isBeyond({ width, height }: ImageDescription, u: number, v: number): boolean {
  return u > 1.1 * width || v > 1.1 * height;
}
