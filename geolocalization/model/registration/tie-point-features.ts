import type { JudgedLook } from '../../../contracts/scene-registration-plan.ts';
import type { Position } from '../../../maths/map-projection.ts';
import { roundDegrees } from '../footprint.ts';

/**
 * The tie points of a scene as GeoJSON, WGS84 (RFC 7946): where the reference has each, and by how many
 * pixels of the comparison's grid, right and down, the scene's georeference has it off.
 *
 * @param toGround from the center of a pixel of the grid.
 */
export function tiePointFeatures(
  tiePoints: JudgedLook['tiePoints'],
  toGround: (x: number, y: number) => Position | null,
) {
  return {
    type: 'FeatureCollection',
    features: tiePoints.flatMap((point) => {
      const place = toGround(point.at.x, point.at.y);
      if (place === null) return [];
      return [
        {
          type: 'Feature',
          geometry: { type: 'Point', coordinates: place.map(roundDegrees) },
          properties: {
            gridX: point.at.x,
            gridY: point.at.y,
            shiftX: point.shift.x,
            shiftY: point.shift.y,
            ratio: point.ratio,
            peakToSidelobe: point.peakToSidelobe,
            isAccepted: point.isAccepted,
            isInlier: point.isInlier,
          },
        },
      ];
    }),
  };
}
