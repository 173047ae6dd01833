import type { AssessmentRequest } from '../../contracts/assessment.ts';
import type { Finding } from '../../contracts/findings.ts';
import type { ControlPoint, FlightImage, FlightManifest } from '../../contracts/flight.ts';
import { geodeticToEnu, groundDistanceMeters } from '../../maths/geodesy.ts';
import { median } from '../../maths/robust.ts';
import { subtract } from '../../maths/vector.ts';
import type { AssessmentPlan, PlannedPoint } from './assessment-plan.ts';
import { controlFinding } from './control-finding.ts';
import { withFlightSettings } from './flight-settings.ts';
import { estimateHeightOffset } from './height-offset.ts';
import { cameraOf, heightOf, isKnown, poseOf } from './image-camera.ts';
import { type NamedPair, pairsOfStrips } from './relative-pairs.ts';
import { intersectRays, isIntersection, type ObservedRay } from './ray-intersection.ts';
import { turnBack } from './turned-images.ts';

/** Points further from every image belong to another place, or another system; meters. */
const FARTHEST = 20_000;
/** Heights that differ by less can be an error, by more only another datum; meters. */
const LEAST_OFFSET = 5;
/** Origins are rounded, so that they can be read: 1e-6 degrees are a tenth of a meter. */
const ORIGIN_DIGITS = 6;

type Manifest = Pick<
  FlightManifest,
  'flightId' | 'control' | 'findings' | 'strips' | 'settings' | 'groundModel'
>;
type Control = Pick<AssessmentPlan, 'points' | 'observations' | 'unused' | 'noControl'>;

/** Brings the control of a flight into one frame with its images. Images are added page by page. */
export class PlanBuilder {
  private readonly request: AssessmentRequest;
  private readonly manifest: Manifest;
  /** Images that control was seen in. */
  private readonly images = new Map<string, FlightImage | null>();
  private readonly places = new Map<string, { latitude: number; longitude: number }>();
  private readonly grounds: number[] = [];
  private readonly turned: Record<string, number> = {};

  constructor(request: AssessmentRequest, manifest: Manifest) {
    this.request = withFlightSettings(request, manifest.settings);
    this.manifest = manifest;
    for (const { observations } of manifest.control ?? []) {
      for (const { image } of observations) this.images.set(image, null);
    }
  }

  add(images: readonly FlightImage[]): void {
    for (const image of images) {
      const { name, description, usable, findings } = image;
      const turn = turnOf(findings);
      if (turn !== 0) this.turned[name] = turn;
      if (this.images.has(name)) this.images.set(name, image);
      if (!usable || description === null || description.position === null) continue;
      this.places.set(name, description.position);
      const height = heightOf(description, this.heights);
      const above = description.relativeAltitude;
      if (height !== null && above !== null && above > 0) this.grounds.push(height - above);
    }
  }

  build(): AssessmentPlan {
    const { camera = {}, gate = {}, accuracyClass, dem } = this.request;
    const { groundModel } = this.manifest;
    const origin = this.origin();
    const meters = (centimeters: number | undefined) =>
      centimeters === undefined ? null : centimeters / 100;
    const plan: AssessmentPlan = {
      schemaVersion: 1,
      origin,
      heights: this.heights,
      takenOffHeights: gate.geoidSeparationMeters ?? 0,
      heightOffset: null,
      groundUp: null,
      dem: dem ?? null,
      ...(dem !== undefined || groundModel === undefined ? {} : { groundModel }),
      camera,
      gate,
      classHorizontal: meters(accuracyClass),
      classVertical: meters(gate.verticalClassCentimeters),
      ...this.control(origin),
      turned: this.turned,
      findings: [],
    };
    this.settleHeights(plan);
    const heights = plan.points.flatMap(({ position, isHeightKnown }) =>
      isHeightKnown ? position[2] : [],
    );
    const ground = this.statedGround ?? median(this.grounds);
    plan.groundUp = median(heights) ?? (ground === null ? null : ground - plan.takenOffHeights);
    // Without a height of its own a point is taken to lie on the ground.
    plan.points = plan.points.map((point) =>
      point.isHeightKnown
        ? point
        : { ...point, position: [point.position[0], point.position[1], plan.groundUp ?? 0] },
    );
    return plan;
  }

  /** Pairs of overlapping images that are worth comparing, by name. */
  pairs(): NamedPair[] {
    return pairsOfStrips(this.manifest.strips ?? [], this.places);
  }

  /** In the datum of the positions, which heights above the take-off are not in. */
  private get statedGround(): number | null {
    if (this.heights === 'takeoff') return null;
    return this.manifest.settings?.values.groundAltitudeMeters ?? null;
  }

  private get heights(): AssessmentPlan['heights'] {
    return this.request.heights ?? null;
  }

  private origin(): AssessmentPlan['origin'] {
    const middle = (values: number[]) => Number((median(values) ?? 0).toFixed(ORIGIN_DIGITS));
    const places = [...this.places.values()];
    return {
      latitudeDegrees: middle(places.map(({ latitude }) => latitude)),
      longitudeDegrees: middle(places.map(({ longitude }) => longitude)),
      heightMeters: 0,
    };
  }

  private control(origin: AssessmentPlan['origin']): Control {
    const listed = this.manifest.control ?? [];
    const near = listed.filter((point) => this.isNear(point));
    const points = near
      .map(({ name, role, latitude, longitude, z }): PlannedPoint => {
        const place = {
          latitudeDegrees: latitude,
          longitudeDegrees: longitude,
          heightMeters: z ?? 0,
        };
        const position = geodeticToEnu(place, origin);
        return { name, position, isHeightKnown: z !== null, role };
      })
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const { observations, unused } = this.observations(listed, new Set(near.map((p) => p.name)));
    return {
      points,
      observations,
      unused,
      noControl: this.whyNoControl(listed, near, observations),
    };
  }

  private whyNoControl(
    listed: readonly ControlPoint[],
    near: readonly ControlPoint[],
    observations: AssessmentPlan['observations'],
  ): string | null {
    const dem = this.request.dem ?? this.manifest.groundModel?.name ?? '';
    // A ground model may be of no known system, too: that is no reason for points to be missing.
    const fault = this.manifest.findings.find(
      ({ code, subject }) => code.startsWith('CRS_') && !dem.endsWith(subject),
    );
    if (listed.length === 0) {
      return (
        fault?.message ??
        'there is no list of surveyed points: put gcp_list.txt beside the images, or name one with --control'
      );
    }
    if (this.places.size === 0) {
      return 'no image has a position: supply x, y and z of each image in geo.txt';
    }
    if (near.length === 0) {
      return (
        fault?.message ??
        'the surveyed points lie more than 20 km from every image: is their coordinate system the right one?'
      );
    }
    if (Object.keys(observations).length > 0) return null;
    return 'no surveyed point is marked in a usable image of the flight: do the names of the images in the list fit?';
  }

  private isNear(point: ControlPoint): boolean {
    return [...this.places.values()].some(
      ({ longitude, latitude }) =>
        groundDistanceMeters([point.longitude, point.latitude], [longitude, latitude]) <= FARTHEST,
    );
  }

  private observations(
    listed: readonly ControlPoint[],
    near: ReadonlySet<string>,
  ): Pick<AssessmentPlan, 'observations' | 'unused'> {
    const observations: AssessmentPlan['observations'] = {};
    const unused: AssessmentPlan['unused'] = [];
    for (const { name: point, observations: seen } of listed) {
      for (const { image: name, u, v } of seen) {
        const image = this.images.get(name) ?? null;
        const reason = !near.has(point)
          ? 'the point lies more than 20 km from every image'
          : image === null
            ? 'the flight has no such image'
            : image.usable
              ? null
              : 'the image was left out at ingestion';
        if (reason !== null || image === null) {
          unused.push({ point, image: name, reason: reason! });
          continue;
        }
        (observations[name] ??= []).push({ point, pixel: this.upright(image, [u, v]) });
      }
    }
    for (const seen of Object.values(observations)) {
      seen.sort((a, b) => (a.point < b.point ? -1 : 1));
    }
    return { observations, unused };
  }

  /** Of an image that was turned after it was taken the pixel is turned back, so that its pose may stay. */
  private upright({ name, description }: FlightImage, pixel: [number, number]): [number, number] {
    const turn = this.turned[name];
    if (turn === undefined || description === null) return pixel;
    const [u, v] = turnBack({ columns: description.width, rows: description.height }, pixel, turn);
    return [u, v];
  }

  /** Where nobody said what heights are above, an offset that is no error is taken off. */
  private settleHeights(plan: AssessmentPlan): void {
    if (plan.heights !== null) return;
    const offset = estimateHeightOffset(this.heightsByRays(plan));
    if (offset === null) return;
    const isTakenOff = Math.abs(offset.meters) >= Math.max(LEAST_OFFSET, 3 * offset.nmad);
    plan.heightOffset = { ...offset, isTakenOff };
    if (!isTakenOff) return;
    plan.takenOffHeights += offset.meters;
    plan.findings.push(
      controlFinding(
        'ALTITUDE_DATUM_SUSPECT',
        'warning',
        this.manifest.flightId,
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
      const pose = poseOf(image, plan);
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
  const turn = findings.find(({ code }) => code === 'YAW_IMAGE_INCONSISTENT')?.values[
    'turnDegrees'
  ];
  return typeof turn === 'number' ? turn : 0;
}
