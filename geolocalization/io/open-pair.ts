import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { RegistrationPlan } from '../../contracts/scene-registration-plan.ts';
import type { ReferenceFile } from '../../contracts/scene-registration.ts';
import { toMap } from '../model/affine.ts';
import type { PixelMapping } from '../model/registration/lattice.ts';
import { displacementAt, type ShiftModel } from '../model/registration/shift-model.ts';
import type { SceneGeometry } from '../model/scene-geometry.ts';
import { bothWays } from '../../platform/coordinate-systems.ts';
import { openGeometry } from './open-geometry.ts';
import { openPixels } from './open-pixels.ts';
import { rasterOnGrid, shiftedOnGrid } from './raster-on-grid.ts';
import type { GapsBeside, RasterReader } from './read-raster.ts';
import { readTerrain } from './read-terrain.ts';
import { cutReader, mosaicReader } from './reference-reader.ts';
import { named, naming } from './unreadable-pixels.ts';

type PathOf = (ref: ArtifactRef) => Promise<string>;
type PairPlan = Pick<RegistrationPlan, 'references' | 'grid' | 'target' | 'dem' | 'offset'>;

/** Reference and target of a plan, ready to be read window by window; to be closed. */
export interface OpenPair {
  reference: RasterReader;
  target: RasterReader;
  close: () => Promise<void>;
}

/** The files of a plan: what was decoded of them serves however the target is then seen. To be closed. */
export interface OpenFiles {
  /** On the plan's grid. */
  reference: RasterReader;
  /**
   * The target as the plan compares it, or on the plan's grid.
   *
   * @param correction makes the target one whose content lies where the reference has it: then it is read
   * through the grid, without the plan's offset.
   */
  targetBy: (correction?: ShiftModel) => Promise<RasterReader>;
  close: () => Promise<void>;
}

/** Opens both sides of a plan. */
export async function openFiles(plan: PairPlan, pathOf: PathOf): Promise<OpenFiles> {
  const opened: RasterReader[] = [];
  try {
    const reference = await openReferences(plan, pathOf, opened);
    const source = await openMasked(plan.target, 'the scene', pathOf);
    opened.push(source);
    return {
      reference,
      targetBy: (correction) => targetBy(plan, source, pathOf, correction),
      close: async () => {
        await Promise.all(opened.map((reader) => reader.close()));
      },
    };
  } catch (error) {
    await Promise.allSettled(opened.map((reader) => reader.close()));
    throw error;
  }
}

/** Opens both sides of a plan as it compares them. */
export async function openPair(plan: PairPlan, pathOf: PathOf): Promise<OpenPair> {
  const files = await openFiles(plan, pathOf);
  try {
    return { reference: files.reference, target: await files.targetBy(), close: files.close };
  } catch (error) {
    await files.close();
    throw error;
  }
}

/** From a pixel of the grid to one of the target, by the target's own georeference. */
export async function mappingOf(plan: PairPlan, pathOf: PathOf): Promise<PixelMapping> {
  const { grid, target } = plan;
  const ways = await bothWays(grid.map);
  const terrain = plan.dem === null ? null : await heightsOf(plan, plan.dem, pathOf);
  const geometry = await openGeometry(target.placement, {
    terrain: terrain ?? undefined,
    size: target,
  });
  if (ways === null || geometry === null) {
    throw new Error('Cannot compare as a map of the plan is not understood here');
  }
  return throughGround(grid.transform, ways.toGround, geometry);
}

async function heightsOf(plan: PairPlan, dem: ReferenceFile, pathOf: PathOf) {
  const [paths, box] = [await pathsOf(dem, pathOf), await boxOf(plan)];
  return naming(`the height model "${dem.name}"`, () => readTerrain(dem, paths, box));
}

/** The references of a plan on its grid, as one; each that was opened is to be closed. */
export async function openReferences(
  { references, grid }: Pick<PairPlan, 'references' | 'grid'>,
  pathOf: PathOf,
  opened: RasterReader[],
): Promise<RasterReader> {
  const ways = await bothWays(grid.map);
  const readers = [];
  for (const [index, file] of references.entries()) {
    const source = await openMasked(file, `the reference "${file.name}"`, pathOf);
    opened.push(source);
    const geometry = index === 0 ? null : await openGeometry(affine(file), { size: file });
    const reader =
      ways === null || geometry === null
        ? cutReader(source, grid.origin, grid, grid.reduction)
        : rasterOnGrid(source, grid, throughGround(grid.transform, ways.toGround, geometry));
    readers.push({ reader, bands: file.bands });
  }
  return mosaicReader(grid, readers);
}

async function targetBy(
  plan: PairPlan,
  source: RasterReader,
  pathOf: PathOf,
  correction?: ShiftModel,
): Promise<RasterReader> {
  const { grid, target, offset } = plan;
  const { bands } = target;
  const seen = (reader: RasterReader) => mosaicReader(grid, [{ reader, bands }]);
  if (!target.isResampled) {
    if (correction === undefined) return mosaicReader(target, [{ reader: source, bands }]);
    if (correction.kind === 'translation') {
      const off = displacementAt(correction, correction.center);
      return seen(shiftedOnGrid(source, grid, { x: offset.x + off.x, y: offset.y + off.y }));
    }
  }
  const stated: PixelMapping = target.isResampled
    ? await mappingOf(plan, pathOf)
    : (x, y) => ({ x: x + offset.x, y: y + offset.y });
  const mapping: PixelMapping =
    correction === undefined
      ? stated
      : (x, y) => {
          const off = displacementAt(correction, { x, y });
          return stated(x + off.x, y + off.y);
        };
  return seen(rasterOnGrid(source, grid, mapping));
}

/**
 * Opens the pixels of a file, with those left out that its mask hides.
 *
 * @param what as failures call it.
 */
export async function openMasked(
  file: FileWithGaps,
  what: string,
  pathOf: PathOf,
): Promise<RasterReader> {
  const paths = await pathsOf(file, pathOf);
  return named(await naming(what, () => openPixels(...paths)), what);
}

/** A file of the store, with what others beside it say of pixels without data. */
interface FileWithGaps {
  file: ArtifactRef;
  mask?: ArtifactRef | undefined;
  nodata?: number | undefined;
}

/** Where a file lies in the store, and what is known of its pixels without data. */
export async function pathsOf(
  { file, mask, nodata }: FileWithGaps,
  pathOf: PathOf,
): Promise<[file: string, beside: GapsBeside]> {
  const maskPath = mask === undefined ? undefined : await pathOf(mask);
  return [await pathOf(file), { maskPath, nodata }];
}

function throughGround(
  transform: RegistrationPlan['grid']['transform'],
  toGround: SceneGeometry['toGround'],
  geometry: SceneGeometry,
): PixelMapping {
  return (x, y) => {
    const ground = toGround(...toMap(transform, x + 0.5, y + 0.5));
    const place = ground === null ? null : geometry.fromGround(...ground);
    return place === null ? null : { x: place.column - 0.5, y: place.row - 0.5 };
  };
}

function affine({ transform, map }: ReferenceFile) {
  return { kind: 'affine', source: 'file', transform, map } as const;
}

/** The grid's box on the ground, a little wider, so that heights reach around its edges. */
async function boxOf({ grid }: PairPlan): Promise<[number, number, number, number]> {
  const ways = await bothWays(grid.map);
  const ground = [0, 0.5, 1].flatMap((u) =>
    [0, 0.5, 1].flatMap((v) => {
      const place = ways?.toGround(...toMap(grid.transform, u * grid.width, v * grid.height));
      return place ? [place] : [];
    }),
  );
  // Across the antimeridian they go on beyond 180.
  const first = ground[0]?.[0] ?? 0;
  const longitudes = ground.map(([x]) => x - 360 * Math.round((x - first) / 360));
  const latitudes = ground.map(([, y]) => y);
  return [
    Math.min(...longitudes),
    Math.min(...latitudes),
    Math.max(...longitudes),
    Math.max(...latitudes),
  ];
}
