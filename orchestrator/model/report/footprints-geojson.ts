import type { ImageAccuracy } from '../../../contracts/accuracy.ts';
import type { GroundAccuracy } from '../../../contracts/ground-accuracy.ts';
import type { ReportImage } from '../../../contracts/report.ts';

/** Footprints and surveyed points as GeoJSON (RFC 7946), each with its figures; lengths in meters. */
export function footprintsGeoJson(
  assessed: readonly ImageAccuracy[],
  rows: readonly ReportImage[],
  ground: GroundAccuracy | null,
): object {
  const byName = new Map(rows.map((row) => [row.name, row]));
  const footprints = assessed.flatMap(({ name, footprint }) => {
    if (footprint === null) return [];
    const { findings, reasons: _reasons, ...figures } = byName.get(name)!;
    return [
      {
        type: 'Feature',
        id: name,
        geometry: { type: 'Polygon', coordinates: [footprint] },
        properties: { kind: 'footprint', ...figures, findings: findings.join(' ') },
      },
    ];
  });
  const points = (ground?.points ?? []).map((point) => ({
    type: 'Feature',
    id: `point/${point.point}`,
    geometry: { type: 'Point', coordinates: [point.longitude, point.latitude] },
    properties: {
      kind: 'surveyed point',
      name: point.point,
      role: point.role,
      observations: point.observations,
      east: point.east,
      north: point.north,
      up: point.up,
    },
  }));
  return { type: 'FeatureCollection', features: [...footprints, ...points] };
}
