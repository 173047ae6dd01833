import type { SceneFinding } from '../../../contracts/scene-finding.ts';
import { cornersOf } from '../../../maths/raster.ts';
import type { FoundPlace } from '../place-scene.ts';
import { rpcGeometry } from '../scene-geometry.ts';
import type { Terrain } from './locate-on-terrain.ts';
import { isExtrapolated } from './project-ground.ts';
import { type RationalPolynomials, statedSigmaMeters } from './rational-polynomials.ts';

/**
 * The place of a scene by its rational polynomials, on the terrain or else at the middle of the heights
 * that they were fitted to.
 *
 * @param rpc of the scene's own pixels.
 * @param source `tag`, or the name of the file beside the scene.
 */
export function placeByRpc(
  rpc: RationalPolynomials,
  source: string,
  size: { width: number; height: number },
  terrain?: Terrain,
): FoundPlace {
  const heightMeters = rpc.height.offset;
  const { toGround } = rpcGeometry(rpc, heightMeters, terrain);
  const findings: SceneFinding[] = [];
  const outside = cornersOf(size).filter(([column, row]) => {
    const place = toGround(column, row);
    if (place === null) return true;
    const [longitudeDegrees, latitudeDegrees] = place;
    return isExtrapolated(rpc, { longitudeDegrees, latitudeDegrees, heightMeters });
  });
  if (outside.length > 0) {
    findings.push({
      code: 'RPC_EXTRAPOLATED',
      severity: 'warning',
      message: `${outside.length} of its corners lie outside of what its rational polynomials were fitted to`,
    });
  }
  const where = source === 'tag' ? 'its own tag' : `"${source}"`;
  const onWhat = terrain === undefined ? `at ${Math.round(heightMeters)} m` : 'on the height model';
  return {
    words: `rational polynomials of ${where} ${onWhat}`,
    toGround,
    placement: {
      kind: 'rpc',
      source,
      model: {
        ...rpc,
        line: {
          ...rpc.line,
          numerator: [...rpc.line.numerator],
          denominator: [...rpc.line.denominator],
        },
        sample: {
          ...rpc.sample,
          numerator: [...rpc.sample.numerator],
          denominator: [...rpc.sample.denominator],
        },
      },
      heightMeters,
    },
    warnings: [],
    findings,
    statedAccuracyMeters: statedSigmaMeters(rpc),
  };
}
