import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errorPercentiles } from '../../../accuracy/model/circular-error.ts';
import {
  errorStatistics,
  isBiasSignificant,
  type PointResidual,
  withSurveyError,
} from '../../../accuracy/model/error-statistics.ts';
import { rmseInterval } from '../../../accuracy/model/rmse-interval.ts';
import { publishedPoints } from './published-residuals.ts';

const statistics = errorStatistics(publishedPoints)!;
const { east, north } = statistics;
const up = statistics.up!;

describe('errorStatistics() of the ten published residuals', () => {
  it.each<[name: string, found: number, published: number, digits: number]>([
    ['mean east', east.mean, 0.0087, 12],
    ['mean north', north.mean, 0.0025, 12],
    ['mean up', up.mean, 0.0163, 12],
    ['standard deviation east', east.standardDeviation!, 0.02492678, 8],
    ['standard deviation north', north.standardDeviation!, 0.02697015, 8],
    ['standard deviation up', up.standardDeviation!, 0.03586719, 8],
    ['RMSE east', east.rmse, 0.02519722, 8],
    ['RMSE north', north.rmse, 0.02570798, 8],
    ['RMSE up', up.rmse, 0.0377293, 8],
    ['horizontal RMSE', statistics.rmseHorizontal, 0.035997222, 9],
    ['RMSE in space', statistics.rmse3d!, 0.052146908, 9],
    ['median east', east.median, 0.0095, 12],
    ['median north', north.median, 0.002, 12],
    ['median up', up.median, 0.0195, 12],
    ['NMAD east', east.nmad, 0.0311346, 7],
    ['NMAD north', north.nmad, 0.0363237, 7],
    ['NMAD up', up.nmad, 0.037065, 7],
    ['with survey, horizontal', withSurveyError(statistics.rmseHorizontal, 0.02), 0.041180092, 9],
    ['with survey, vertical', withSurveyError(up.rmse, 0.03), 0.048202697, 9],
    [
      'with survey, in space',
      withSurveyError(
        withSurveyError(statistics.rmseHorizontal, 0.02),
        withSurveyError(up.rmse, 0.03),
      ),
      0.063397949,
      9,
    ],
  ])('gives the published %s', (_, found, published, digits) => {
    expect(found).toBeCloseTo(published, digits);
  });

  it('gives the published percentiles', () => {
    const { ce90, le90, empirical, nssda } = errorPercentiles(publishedPoints, statistics);
    expect(ce90).toBeCloseTo(0.054625785, 9);
    expect(le90).toBeCloseTo(0.062060924, 9);
    expect(empirical.ce90).toBeCloseTo(0.046568304, 9);
    expect(empirical.ce95).toBeCloseTo(0.048685924, 9);
    expect(empirical.le90).toBeCloseTo(0.056, 9);
    expect(nssda.horizontal).toBeCloseTo(0.062303992, 9);
    expect(nssda.axisRatio).toBeCloseTo(0.9801, 4);
    expect(nssda.vertical).toBeCloseTo(0.073949426, 9);
    expect(2.4477 * 0.5 * (east.rmse + north.rmse)).toBeCloseTo(0.062300326, 9);
  });

  it('gives the published confidence intervals', () => {
    const horizontal = rmseInterval(statistics.rmseHorizontal, 10, 2);
    expect(horizontal.lower).toBeCloseTo(0.027540004, 9);
    expect(horizontal.upper).toBeCloseTo(0.05198249, 9);
    const vertical = rmseInterval(up.rmse, 10, 1);
    expect(vertical.lower).toBeCloseTo(0.026362104, 9);
    expect(vertical.upper).toBeCloseTo(0.066212412, 9);
  });
});

describe('errorStatistics()', () => {
  it('gives the values worked out by hand', () => {
    const points = [3, -1, 1].map((value) => ({ east: value, north: 0, up: null }));
    const figures = errorStatistics(points)!;
    expect(figures.east.mean).toBe(1);
    expect(figures.east.standardDeviation).toBe(2);
    expect(figures.east.rmse).toBeCloseTo(Math.sqrt(11 / 3), 12);
    expect(figures.east.nmad).toBeCloseTo(2.9652, 12);
    expect([figures.up, figures.rmseVertical, figures.rmse3d]).toEqual([null, null, null]);
  });

  it('says null of nothing, and no spread of a single point', () => {
    expect(errorStatistics([])).toBeNull();
    const single = errorStatistics([{ east: 1, north: 2, up: 3 }])!;
    expect(single.east.standardDeviation).toBeNull();
    expect(single.rmse3d).toBeCloseTo(Math.sqrt(14), 12);
  });

  it('changes no digit with the order of the points', () => {
    const meters = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    const points = fc.array(fc.record({ east: meters, north: meters, up: meters }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(points, (some) => {
        const turned: PointResidual[] = some.toReversed();
        expect(errorStatistics(turned)).toEqual(errorStatistics(some));
        const [a, b] = [errorStatistics(some)!, errorStatistics(turned)!];
        expect(errorPercentiles(turned, b)).toEqual(errorPercentiles(some, a));
      }),
    );
  });
});

describe('errorPercentiles()', () => {
  it('takes the average of the axes, or the points themselves, when the axes differ', () => {
    const stretched = (factor: number) =>
      publishedPoints.map((point) => ({ ...point, north: point.north * factor }));
    const nssdaOf = (factor: number) => {
      const points = stretched(factor);
      return errorPercentiles(points, errorStatistics(points)!).nssda;
    };
    expect(nssdaOf(0.8).formula).toBe('average of axes');
    expect(nssdaOf(0.3).formula).toBe('empirical');
  });
});

describe('rmseInterval()', () => {
  it.each([
    [3, 2.2021, 0.6444, 3.7285, 0.5665],
    [5, 1.7549, 0.6987, 2.4526, 0.6242],
    [10, 1.4441, 0.7651, 1.7549, 0.6987],
    [20, 1.2795, 0.821, 1.4441, 0.7651],
    [30, 1.2174, 0.8487, 1.3367, 0.7991],
    [60, 1.1447, 0.8879, 1.2174, 0.8487],
    [120, 1.0982, 0.918, 1.1447, 0.8879],
  ])('gives the published factors of %d points', (points, hUpper, hLower, vUpper, vLower) => {
    const horizontal = rmseInterval(1, points, 2);
    const vertical = rmseInterval(1, points, 1);
    expect(horizontal.upper).toBeCloseTo(hUpper, 4);
    expect(horizontal.lower).toBeCloseTo(hLower, 4);
    expect(vertical.upper).toBeCloseTo(vUpper, 4);
    expect(vertical.lower).toBeCloseTo(vLower, 4);
  });

  it('refuses to say anything of no point', () => {
    expect(() => rmseInterval(1, 0, 2)).toThrow('at least 1 point is needed: found 0');
  });
});

describe('isBiasSignificant()', () => {
  it('compares the mean with its standard error and with the class', () => {
    expect(isBiasSignificant(east, null)).toBe(false);
    expect(isBiasSignificant(east, 0.03)).toBe(true);
    expect(isBiasSignificant({ ...east, mean: 0.03 }, null)).toBe(true);
  });
});
