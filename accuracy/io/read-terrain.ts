import { enuToGeodetic, type GeodeticPosition } from '../../maths/geodesy.ts';
import { type Ground, terrainGround } from '../../maths/ground.ts';
import { type KnownOfModel, readHeightModel } from '../../platform/height-model.ts';

/**
 * Reads a ground model for the frame of a flight. Heights are taken as above the datum of the flight.
 *
 * @throws {InvalidInput} when the file cannot be used.
 */
export async function readTerrain(
  path: string,
  origin: GeodeticPosition,
  known: KnownOfModel = {},
): Promise<Ground> {
  const model = await readHeightModel(path, undefined, known);
  return terrainGround((east, north) => {
    const { longitudeDegrees, latitudeDegrees } = enuToGeodetic([east, north, 0], origin);
    const height = model.heightAt(longitudeDegrees, latitudeDegrees);
    return height === null ? null : height - sinkOf(east, north);
  }, model);
}

/** Radius of the earth; good to a third of a percent anywhere, which is a centimeter over five kilometers. */
const EARTH_METERS = 6_371_000;

/** How far level ground sinks below the plane that touches it at the origin, meters. */
function sinkOf(east: number, north: number): number {
  return (east * east + north * north) / (2 * EARTH_METERS);
}
