import type { JudgedLook, RegistrationPlan } from '../../../contracts/scene-registration-plan.ts';
import type { SceneRegistration } from '../../../contracts/scene-registration.ts';
import { falseAlarmWords } from './false-alarm-words.ts';
import { lengthOf } from './consensus.ts';
import { matrixOf, residualOf, type ShiftModel } from './shift-model.ts';

/** Pixels of CE90 up to which a corrected scene is good, or usable. */
const GOOD = 0.5;
const USABLE = 1;

/** The document of a scene whose comparison ended before a window was measured. */
export function refusedRegistration(
  verdict: Pick<SceneRegistration, 'status' | 'reason'>,
  references: SceneRegistration['references'] = [],
): SceneRegistration {
  return {
    schemaVersion: 1,
    ...verdict,
    references,
    falseAlarms: null,
    falseAlarmWords: falseAlarmWords(null),
    grid: null,
    model: null,
    matrix: null,
    shiftPixels: null,
    displacement: null,
    standardErrorMeters: null,
    windows: { compared: 0, skipped: 0, accepted: 0, agreeing: 0 },
    residuals: {
      rmsBeforePixels: null,
      rmsAfterPixels: null,
      rmsBeforeMeters: null,
      rmsAfterMeters: null,
    },
    circularError90: null,
    quality: null,
    remainingPixels: null,
    similarityBefore: null,
    similarityAfter: null,
    correctedTransform: null,
    correctedBias: null,
    tiePoints: null,
    worldFile: null,
    correctedFile: null,
    overlays: null,
    arrows: [],
  };
}

/** The numbers of a comparison, in pixels of its grid and in meters; files come later. */
export function describeRegistration(
  plan: RegistrationPlan,
  judged: JudgedLook,
): SceneRegistration {
  const { column, row } = plan.grid.pixelMeters;
  const pixelMeters = Math.sqrt(column * row);
  const inMeters = (pixels: number | null) => (pixels === null ? null : pixels * pixelMeters);
  const { model, circularError90 } = judged;
  return {
    ...refusedRegistration(judged, referencesOf(plan)),
    status: judged.status,
    reason: judged.reason,
    ...(plan.comparedBands === undefined ? {} : { comparedBands: plan.comparedBands }),
    falseAlarms: judged.falseAlarms,
    falseAlarmWords: falseAlarmWords(judged.falseAlarms),
    grid: {
      map: plan.grid.map,
      transform: plan.grid.transform,
      width: plan.grid.width,
      height: plan.grid.height,
      pixelMeters: plan.grid.pixelMeters,
      isTargetResampled: plan.target.isResampled,
    },
    model: model?.kind ?? null,
    matrix: model === null ? null : asList(matrixOf(model)),
    shiftPixels: judged.shift,
    standardErrorMeters: inMeters(judged.standardError),
    ...groundErrorOf(inMeters(judged.standardError), plan),
    windows: {
      compared: judged.compared,
      skipped: judged.skipped,
      accepted: judged.accepted,
      agreeing: judged.agreeing,
    },
    residuals: {
      rmsBeforePixels: judged.rmsBefore,
      rmsAfterPixels: judged.rmsAfter,
      rmsBeforeMeters: inMeters(judged.rmsBefore),
      rmsAfterMeters: inMeters(judged.rmsAfter),
    },
    circularError90:
      circularError90 === null
        ? null
        : { pixels: circularError90, meters: circularError90 * pixelMeters },
    quality: circularError90 === null ? null : qualityOf(circularError90),
    arrows: judged.tiePoints
      .filter(({ isAccepted }) => isAccepted)
      .map((point) => ({
        x: point.at.x,
        y: point.at.y,
        shiftX: point.shift.x,
        shiftY: point.shift.y,
        residual: model === null ? null : lengthOf(residualOf(model, point)),
        isInlier: point.isInlier,
      })),
  };
}

export function referencesOf({ references }: Pick<RegistrationPlan, 'references'>) {
  return references.map(({ name, file, part, statedErrorMeters }) => ({
    name,
    sha256: file.sha256,
    ...(part === undefined ? {} : { part }),
    ...(statedErrorMeters === undefined ? {} : { statedErrorMeters }),
  }));
}

/** Nothing where a reference states no error: it may be of any size. */
function groundErrorOf(
  standardErrorMeters: number | null,
  { references }: Pick<RegistrationPlan, 'references'>,
): { groundErrorMeters?: number } {
  const stated = references.map((reference) => reference.statedErrorMeters);
  if (standardErrorMeters === null || stated.includes(undefined)) return {};
  const largest = Math.max(...stated.map((meters) => meters!));
  return { groundErrorMeters: Math.hypot(standardErrorMeters, largest) };
}

function qualityOf(pixels: number): NonNullable<SceneRegistration['quality']> {
  if (pixels <= GOOD) return 'good';
  return pixels <= USABLE ? 'usable' : 'poor';
}

function asList(matrix: ReturnType<typeof matrixOf>): number[] | null {
  return matrix === null ? null : [...matrix];
}

/** A model is only there when the scene was located, surely or perhaps. */
export function hasModel(judged: JudgedLook): judged is JudgedLook & { model: ShiftModel } {
  return judged.model !== null;
}
