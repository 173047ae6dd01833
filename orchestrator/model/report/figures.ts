import type { FlightAccuracy, Spread } from '../../../contracts/accuracy.ts';
import type { GroundAccuracy } from '../../../contracts/ground-accuracy.ts';
import type { BundleStatement } from '../../../contracts/bundle.ts';
import type { RelativeStatement } from '../../../contracts/relative-pairs.ts';
import type { ReportFigure } from '../../../contracts/report.ts';

type Unit = ReportFigure['unit'];
type Origin = ReportFigure['origin'];

/** Every figure of a flight with its unit and where it comes from. */
export function figuresOf(accuracy: FlightAccuracy): ReportFigure[] {
  const { ground = null, relative = null, bundle = null } = accuracy;
  return [
    ...spread('gsd', 'Ground sample distance', accuracy.gsd, 'm', 'geometry'),
    ...spread('tilt', 'Tilt of the optical axis', accuracy.tiltDegrees, 'deg', 'recorded'),
    ...spread(
      'expectedSigma',
      'Expected error, one sigma',
      accuracy.expectedSigma,
      'm',
      'expectation',
    ),
    ...spread('blur', 'Blur, 0 sharp to 1 featureless', accuracy.blur, '1', 'pixels'),
    ...spread('meanLuminance', 'Mean luminance, 0 to 1', accuracy.meanLuminance, '1', 'pixels'),
    ...(ground === null ? [] : [...groundFigures(ground), ...boresightFigures(ground)]),
    ...(relative === null
      ? []
      : [
          ...relativeFigures('inStrip', 'in strip', relative.inStrip),
          ...relativeFigures('acrossStrips', 'across strips', relative.acrossStrips),
        ]),
    ...(bundle === null || 'reason' in bundle ? [] : bundleFigures(bundle)),
  ];
}

function spread(
  name: string,
  title: string,
  values: Spread,
  unit: Unit,
  origin: Origin,
): ReportFigure[] {
  const figure = (part: 'minimum' | 'median' | 'maximum', words: string): ReportFigure => ({
    name: `${name}.${part}`,
    title: `${title}, ${words}`,
    value: values?.[part] ?? null,
    unit,
    origin,
    n: values?.n ?? 0,
    note: values === null ? 'no image has the records for it' : null,
  });
  return [figure('minimum', 'least'), figure('median', 'median'), figure('maximum', 'greatest')];
}

function groundFigures(ground: GroundAccuracy): ReportFigure[] {
  const { statistics, statisticsWithoutSuspects: without, percentiles, intervals } = ground;
  const { observations, verticalNotAssessed } = ground;
  const none = statistics === null ? 'no surveyed point was evaluated' : null;
  const figure = (
    name: string,
    title: string,
    value: number | null | undefined,
    { n = statistics?.n ?? 0, unit = 'm' as Unit, note = none } = {},
  ): ReportFigure => ({
    name,
    title,
    value: value ?? null,
    unit,
    origin: 'control',
    n,
    note: value === null || value === undefined ? (note ?? 'not measured') : null,
  });
  const vertical = { n: statistics?.up?.n ?? 0, note: none ?? verticalNotAssessed };
  const axes = (['east', 'north', 'up'] as const).flatMap((direction) => {
    const axis = statistics?.[direction];
    const options = direction === 'up' ? vertical : {};
    return [
      figure(`${direction}.mean`, `Mean residual ${direction}`, axis?.mean, options),
      figure(`${direction}.rmse`, `RMSE ${direction}`, axis?.rmse, options),
      figure(`${direction}.median`, `Median residual ${direction}`, axis?.median, options),
      figure(`${direction}.nmad`, `NMAD ${direction}`, axis?.nmad, options),
    ];
  });
  const all = observations.all;
  const ofAll = { n: all?.n ?? 0 };
  const trusted = { n: without?.n ?? 0 };
  return [
    figure('rmseHorizontal', 'Horizontal RMSE of distinct points', statistics?.rmseHorizontal),
    figure('rmseHorizontal.lower', 'Its lower 95 % limit', intervals.horizontal?.lower),
    figure('rmseHorizontal.upper', 'Its upper 95 % limit', intervals.horizontal?.upper),
    figure('rmseVertical', 'Vertical RMSE of distinct points', statistics?.rmseVertical, vertical),
    figure('rmseVertical.lower', 'Its lower 95 % limit', intervals.vertical?.lower, vertical),
    figure('rmseVertical.upper', 'Its upper 95 % limit', intervals.vertical?.upper, vertical),
    figure('rmse3d', 'Spatial RMSE of distinct points', statistics?.rmse3d, vertical),
    figure(
      'rmseHorizontal.withoutSuspects',
      'Horizontal RMSE without suspected blunders',
      without?.rmseHorizontal,
      trusted,
    ),
    ...axes,
    figure('ce90', 'CE90 from the RMSE', percentiles?.ce90),
    figure('ce95', 'CE95 from the RMSE', percentiles?.ce95),
    figure('le90', 'LE90 from the RMSE', percentiles?.le90, vertical),
    figure('le95', 'LE95 from the RMSE', percentiles?.le95, vertical),
    figure('ce90.empirical', 'CE90 as 90 % of the points show it', percentiles?.empirical.ce90),
    figure('ce95.empirical', 'CE95 as 95 % of the points show it', percentiles?.empirical.ce95),
    figure('le90.empirical', 'LE90 as the points show it', percentiles?.empirical.le90, vertical),
    figure('nssda.horizontal', 'NSSDA horizontal, 95 %', percentiles?.nssda.horizontal),
    figure('nssda.vertical', 'NSSDA vertical, 95 %', percentiles?.nssda.vertical, vertical),
    figure('observations.rmseRadial', 'RMSE of single observations', all?.rmseRadial, ofAll),
    figure('observations.rmsePixels', 'The same in the images', all?.rmsePixels, {
      ...ofAll,
      unit: 'px',
    }),
    figure('observations.greatest', 'Greatest residual of an observation', all?.greatest, ofAll),
  ];
}

function boresightFigures({ boresight }: GroundAccuracy): ReportFigure[] {
  if ('reason' in boresight) return [];
  const { turnDegrees, bias, focalScale, checkRmseBefore, checkRmseAfter, checkPoints } = boresight;
  const figure = (name: string, title: string, value: number | null, unit: Unit): ReportFigure => ({
    name: `boresight.${name}`,
    title,
    value,
    unit,
    origin: 'boresight',
    n: name.startsWith('check') ? checkPoints.length : boresight.controlPoints.length,
    note: value === null ? 'nothing to correct, or no point was held back' : null,
  });
  return [
    figure('turnRight', 'Turn of the camera about its right axis', turnDegrees[0], 'deg'),
    figure('turnDown', 'Turn of the camera about its down axis', turnDegrees[1], 'deg'),
    figure('turnForward', 'Turn of the camera about its forward axis', turnDegrees[2], 'deg'),
    figure('biasEast', 'Shift of the positions east', bias[0], 'm'),
    figure('biasNorth', 'Shift of the positions north', bias[1], 'm'),
    figure('biasUp', 'Shift of the positions up', bias[2], 'm'),
    figure('focalScale', 'Focal length, true over assumed minus 1', focalScale, '1'),
    figure('checkRmseBefore', 'RMSE of held back points, before', checkRmseBefore, 'm'),
    figure('checkRmseAfter', 'RMSE of held back points, after', checkRmseAfter, 'm'),
  ];
}

function relativeFigures(
  name: string,
  where: string,
  relative: RelativeStatement['inStrip'],
): ReportFigure[] {
  const note = relative.measurable ? null : `not measurable: ${relative.reason}`;
  const figure = (part: string, title: string, value: number | null): ReportFigure => ({
    name: `relative.${name}.${part}`,
    title: `${title}, ${where}`,
    value,
    unit: part === 'share' ? '1' : 'm',
    origin: 'relative',
    n: relative.accepted,
    note: value === null ? note : null,
  });
  const known = relative.measurable ? relative : null;
  return [
    figure('perImage', 'Relative error of an image, one sigma', known?.perImage ?? null),
    figure('rms', 'Displacement of image pairs, RMS', known?.rms ?? null),
    figure('medianEast', 'Median displacement east', known?.medianEast ?? null),
    figure('medianNorth', 'Median displacement north', known?.medianNorth ?? null),
    figure('share', 'Share of pairs found again', known?.share ?? null),
  ];
}

function bundleFigures(bundle: Exclude<BundleStatement, { reason: string }>): ReportFigure[] {
  const figure = (name: string, title: string, value: number | null, unit: Unit): ReportFigure => ({
    name: `bundle.${name}`,
    title,
    value,
    unit,
    origin: 'adjustment',
    n: bundle.images,
    note:
      value === null ? 'no surveyed point was held back, or the adjustment is not believed' : null,
  });
  const [east, north, up] = bundle.positionRms;
  return [
    figure('rmsPixels', 'Residual of the tie points in the images', bundle.rmsPixels, 'px'),
    figure('focal', 'Focal length, adjusted', bundle.focalPixels, 'px'),
    figure('focalChange', 'Focal length, adjusted over assumed minus 1', bundle.focalChange, '1'),
    figure('positionEast', 'Adjusted minus recorded position east, RMS', east, 'm'),
    figure('positionNorth', 'Adjusted minus recorded position north, RMS', north, 'm'),
    figure('positionUp', 'Adjusted minus recorded position up, RMS', up, 'm'),
    figure(
      'largestTurn',
      'Largest turn of an image from its record',
      bundle.largestTurnDegrees,
      'deg',
    ),
    ...[
      figure('checkRmseBefore', 'RMSE of held back points, before', bundle.checkRmseBefore, 'm'),
      figure('checkRmseAfter', 'RMSE of held back points, after', bundle.checkRmseAfter, 'm'),
    ].map((held) => ({ ...held, n: bundle.checkPoints?.length ?? held.n })),
  ];
}
