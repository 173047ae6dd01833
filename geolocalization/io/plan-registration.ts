import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { SceneLocation } from '../../contracts/geolocalization.ts';
import type { MapName } from '../../contracts/scene-placement.ts';
import type { RegistrationPlan } from '../../contracts/scene-registration-plan.ts';
import type { ReferenceFile } from '../../contracts/scene-registration.ts';
import { canonicalJson } from '../../maths/canonical-json.ts';
import { bothWays, isGeographic } from '../../platform/coordinate-systems.ts';
import { type Box, outlineOfBox } from '../model/ground-box.ts';
import { groundSampleDistance } from '../model/ground-sample-distance.ts';
import { chosenBands } from '../model/registration/chosen-bands.ts';
import { gridOffset } from '../model/registration/corrected-geotransform.ts';
import {
  placesToLook,
  SEARCH_RADIUS,
  searchedPlaces,
} from '../model/registration/places-to-look.ts';
import {
  type RegistrationGrid,
  registrationGrid,
} from '../model/registration/registration-grid.ts';
import { isWithoutRivals } from '../model/registration/rival-places.ts';
import { columnsAround, onOneSide } from '../model/registration/seam.ts';
import { windowGrid } from '../model/registration/window-grid.ts';
import type { RasterPlace, SceneGeometry } from '../model/scene-geometry.ts';
import { coarseLooks } from './coarse-looks.ts';
import { openGeometry } from './open-geometry.ts';
import { openPair } from './open-pair.ts';

/** Points of the scene's outline, along each edge, that its part of the reference is found by. */
const EDGE_POINTS = 9;

export interface PairToPlan {
  scene: SceneLocation & { file: ArtifactRef };
  /** The most overlapping first. */
  references: readonly [ReferenceFile, ...ReferenceFile[]];
  dem: ReferenceFile | null;
  /** When the place comes from a search, and not from the scene. */
  search?: NonNullable<RegistrationPlan['search']>;
}

/**
 * How a scene will be compared with its reference: on which grid, through which windows, and where to
 * look, from a coarse look at the whole of both.
 *
 * @param options.beat such as a heartbeat; it may throw to stop the work.
 * @returns the rest of the sentence `Reference and target cannot be compared as ...` when it cannot.
 */
export async function planRegistration(
  toPlan: PairToPlan,
  { pathOf, beat }: { pathOf: (ref: ArtifactRef) => Promise<string>; beat: () => void },
): Promise<RegistrationPlan | string> {
  const pair = await pairToRead(toPlan);
  if (typeof pair === 'string') return pair;
  const { search } = toPlan;
  const { grid, target } = pair;
  beat();
  const opened = await openPair(pair, pathOf);
  try {
    const looks = await coarseLooks(opened, pair.offset, beat);
    return {
      schemaVersion: 1,
      seed: seedOf(toPlan.scene.file, toPlan.references),
      ...pair,
      ...(search === undefined ? {} : { search }),
      places: searchedPlaces(looks) * (search?.places ?? 1),
      isWithoutRivals: isWithoutRivals(looks),
      looks: placesToLook(looks).map((expected) => {
        const at = { x: pair.offset.x + expected.x, y: pair.offset.y + expected.y };
        const windows = windowGrid(grid, target.isResampled ? grid : target, at);
        return {
          expected,
          windows: windows?.windows ?? [],
          overlap: windows?.overlap ?? 1,
          searchRadius: Math.min(SEARCH_RADIUS, (windows?.side ?? 0) / 4),
        };
      }),
    };
  } finally {
    await opened.close();
  }
}

type PlannedPair = Pick<
  RegistrationPlan,
  'references' | 'grid' | 'target' | 'comparedBands' | 'dem' | 'offset'
>;

/**
 * Both sides on one grid, that of the first reference.
 *
 * @param margin share of the scene's size that the grid goes on around it.
 * @returns the rest of the sentence `Reference and target cannot be compared as ...` when it cannot.
 */
export async function pairToRead(
  { scene, references, dem }: PairToPlan,
  margin = 0,
): Promise<PlannedPair | string> {
  const { placement, width, height } = scene;
  if (!placement || width === null || height === null) return 'the scene states no place';
  const [main] = references;
  const geometry = await openGeometry(placement, { size: { width, height } });
  const ways = await bothWays(main.map);
  if (geometry === null || ways === null) return 'a map of them is not understood';
  const gsd = groundSampleDistance(main.transform, main.width / 2, main.height / 2, ways.toGround);
  if (gsd === null || scene.gsd === null)
    return 'the size of their pixels on the ground is not known';
  const ratio = Math.sqrt((scene.gsd.column * scene.gsd.row) / (gsd.column * gsd.row));
  const mainGeometry = await openGeometry(asPlacement(main), { size: main });
  const seen = throughBoth(outlineOf(width, height), geometry, mainGeometry!);
  const outline = widened(onOneSide(seen, await seamOf(main)), margin);
  const extent = await extentOf(references, mainGeometry!);
  const grid = registrationGrid(main.transform, outline, extent, ratio);
  if (typeof grid === 'string') return grid;
  const direct = directOffset(placement, main.map, grid, Math.max(width, height));
  const { bands, references: chosen, comparedBands } = chosenBands(scene, references);
  return {
    references: chosen,
    grid: {
      ...grid,
      transform: [...grid.transform] as RegistrationPlan['grid']['transform'],
      map: main.map,
      pixelMeters: { column: gsd.column * grid.reduction, row: gsd.row * grid.reduction },
    },
    target: {
      file: scene.file,
      placement,
      width,
      height,
      bands,
      ...(scene.mask === undefined ? {} : { mask: scene.mask }),
      ...(scene.nodata === undefined ? {} : { nodata: scene.nodata }),
      isResampled: direct === null,
    },
    ...(comparedBands === undefined ? {} : { comparedBands }),
    dem: placement.kind === 'rpc' ? dem : null,
    offset: direct ?? { x: 0, y: 0 },
  };
}

/**
 * The grid of the first reference over all of them, or over an area; null when its map is not understood,
 * nothing of them lies there, or its seam tears the area apart.
 */
export async function wholeGrid(
  references: readonly [ReferenceFile, ...ReferenceFile[]],
  area?: Box,
): Promise<RegistrationPlan['grid'] | null> {
  const [main] = references;
  const geometry = await openGeometry(asPlacement(main), { size: main });
  const ways = await bothWays(main.map);
  if (geometry === null || ways === null) return null;
  const { west, north, east, south } = await extentOf(references, geometry);
  const corners =
    area === undefined
      ? [
          { column: west, row: north },
          { column: east, row: south },
        ]
      : outlineOfBox(area).coordinates.flatMap(([ring = []]) =>
          ring.flatMap(([x, y]) => geometry.fromGround(x, y) ?? []),
        );
  if (onOneSide(corners, area === undefined ? null : await seamOf(main)).length < corners.length) {
    return null;
  }
  const grid = registrationGrid(main.transform, corners, { west, north, east, south }, 1);
  const gsd = groundSampleDistance(main.transform, main.width / 2, main.height / 2, ways.toGround);
  if (typeof grid === 'string' || gsd === null) return null;
  const transform = [...grid.transform] as RegistrationPlan['grid']['transform'];
  return { ...grid, transform, map: main.map, pixelMeters: gsd };
}

/** Columns around the earth, of a reference that shows all of it; null for every other one. */
async function seamOf({ map, transform, width }: ReferenceFile): Promise<number | null> {
  return (await isGeographic(map)) ? columnsAround(transform, width) : null;
}

/** The corners of a box around an outline, and of more by a share of its size on every side. */
function widened(outline: RasterPlace[], margin: number): RasterPlace[] {
  if (margin === 0 || outline.length === 0) return outline;
  const [columns, rows] = [outline.map(({ column }) => column), outline.map(({ row }) => row)];
  const [west, east] = [Math.min(...columns), Math.max(...columns)];
  const [north, south] = [Math.min(...rows), Math.max(...rows)];
  const [across, down] = [margin * (east - west), margin * (south - north)];
  return [
    { column: west - across, row: north - down },
    { column: east + across, row: south + down },
  ];
}

/** Both contents, and nothing of where they lie or what they are called. */
export function seedOf(scene: ArtifactRef, references: readonly ReferenceFile[]): string {
  return [scene.sha256, ...references.map(({ file }) => file.sha256)].join(' ');
}

function asPlacement({ transform, map }: ReferenceFile) {
  return { kind: 'affine', source: 'file', transform, map } as const;
}

function outlineOf(width: number, height: number): [column: number, row: number][] {
  return Array.from({ length: EDGE_POINTS }, (_, step) => step / (EDGE_POINTS - 1)).flatMap(
    (share): [number, number][] => [
      [share * width, 0],
      [share * width, height],
      [0, share * height],
      [width, share * height],
    ],
  );
}

function throughBoth(
  points: readonly (readonly [column: number, row: number])[],
  from: SceneGeometry,
  to: SceneGeometry,
): RasterPlace[] {
  return points.flatMap(([column, row]) => {
    const ground = from.toGround(column, row);
    const place = ground === null ? null : to.fromGround(...ground);
    return place === null ? [] : [place];
  });
}

/** All references together, in pixels of the first. */
async function extentOf(references: readonly ReferenceFile[], main: SceneGeometry) {
  const places: RasterPlace[] = [];
  for (const [index, reference] of references.entries()) {
    const { width, height } = reference;
    if (index === 0) places.push({ column: 0, row: 0 }, { column: width, row: height });
    const geometry =
      index === 0 ? null : await openGeometry(asPlacement(reference), { size: reference });
    if (geometry !== null) places.push(...throughBoth(outlineOf(width, height), geometry, main));
  }
  const [columns, rows] = [places.map(({ column }) => column), places.map(({ row }) => row)];
  return {
    west: Math.min(...columns),
    east: Math.max(...columns),
    north: Math.min(...rows),
    south: Math.max(...rows),
  };
}

/** Where the scene's own pixels are those of the grid, but for a shift; null when they are not. */
function directOffset(
  placement: NonNullable<SceneLocation['placement']>,
  map: MapName,
  grid: RegistrationGrid,
  extent: number,
): { x: number; y: number } | null {
  const isSameMap =
    placement.kind === 'affine' && canonicalJson(placement.map) === canonicalJson(map);
  return isSameMap ? gridOffset(grid.transform, placement.transform, extent) : null;
}
