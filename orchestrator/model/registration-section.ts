import type { SceneRegistration } from '../../contracts/scene-registration.ts';
import { figureList } from '../../pages/figure-list.ts';
import { type Html, html } from '../../pages/html.ts';
import { residualHistogram } from './residual-histogram.ts';
import { shiftArrows } from './shift-arrows.ts';
import { lengthWords, listWords } from './words.ts';

const NAMED_REFERENCES = 3;
const verdictClasses: Record<SceneRegistration['status'], string> = {
  LOCATED: 'pass',
  WEAK: 'review',
  NO_MATCH: 'fail',
  NOT_COMPARABLE: 'fail',
  UNLOCATED: 'fail',
};

/** Two pictures of one place that lie over each other. */
export interface OverlayPictures {
  before: string;
  after: string;
}

/** What the comparison of a scene with its reference gave, with pictures to see it by. */
export function registrationSection(
  registration: SceneRegistration,
  overlays: OverlayPictures | null,
): Html {
  const { status, reason } = registration;
  return html`<h3>Against the reference</h3>
    <p><span class="verdict ${verdictClasses[status]}">${status}</span> ${reason}</p>
    <p>False alarms: ${registration.falseAlarmWords}.</p>
    ${[...findingsOf(registration), figureList(figuresOf(registration))]}
    ${overlays === null ? '' : swipe(overlays, registration.overlays?.caption ?? '')}
    ${shiftArrows(registration)} ${residualHistogram(registration)}`;
}

function findingsOf({ findings = [] }: SceneRegistration): Html[] {
  return findings.map(
    ({ code, message }) => html`<p><span class="verdict fail">${code}</span> ${message}</p>`,
  );
}

/** Swipe by dragging the lower right corner of the upper picture; blink by pointing at the lower line. */
function swipe({ before, after }: OverlayPictures, caption: string): Html {
  return html`<div class="swipe">
      <img src="${after}" alt="Reference in red, corrected scene in cyan" />
      <div class="upper">
        <img src="${before}" alt="Reference in red, scene as stated in cyan" />
      </div>
    </div>
    <p class="swipe-words">
      Reference in red, scene in cyan, so that colored edges are shifts: as stated on the left, as
      corrected on the right.
      <span class="by-mouse">Drag the lower right corner of the left part to swipe.</span>
      <span class="blink-switch" tabindex="0">Point or tap here to blink.</span>
      ${caption}.
    </p>
    <div class="blink" aria-hidden="true">
      <img src="${after}" alt="" /><img class="upper" src="${before}" alt="" />
    </div>`;
}

function figuresOf(registration: SceneRegistration): [string, string][] {
  const { displacement, circularError90, windows, residuals, references } = registration;
  const figures: [string, string][] = [
    [
      'Reference',
      listWords(
        references.map(({ name }) => name),
        NAMED_REFERENCES,
      ) || 'none',
    ],
    [
      'Windows',
      `${windows.agreeing} agree of ${windows.accepted} that match and ${windows.compared} compared`,
    ],
  ];
  const { comparedBands } = registration;
  if (comparedBands !== undefined) figures.push(['Bands compared', bandWords(comparedBands)]);
  if (displacement !== null) {
    const { eastMeters, northMeters, lengthMeters } = displacement;
    figures.push([
      'Displacement',
      `${lengthWords(lengthMeters)} (${signed(eastMeters)} m east, ${signed(northMeters)} m north)`,
    ]);
  }
  if (circularError90 !== null) {
    figures.push([
      'CE90 after the correction',
      `${lengthWords(circularError90.meters)} (${circularError90.pixels.toFixed(2)} px), ${registration.quality}`,
    ]);
  }
  if (residuals.rmsAfterPixels !== null && residuals.rmsBeforePixels !== null) {
    figures.push([
      'Residuals, rms',
      `${residuals.rmsBeforePixels.toFixed(2)} px before, ${residuals.rmsAfterPixels.toFixed(2)} px after`,
    ]);
  }
  if (registration.standardErrorMeters !== null) {
    figures.push(['Standard error', lengthWords(registration.standardErrorMeters)]);
  }
  if (registration.groundErrorMeters !== undefined) {
    figures.push([
      'On the ground',
      `${lengthWords(registration.groundErrorMeters)}, with the reference's own error`,
    ]);
  }
  if (registration.remainingPixels !== null) {
    figures.push(['Left in the check', `${registration.remainingPixels.toFixed(3)} px`]);
  }
  if (registration.correctedBias !== null) {
    const { samplePixels, linePixels, rmsLeaveOneOut } = registration.correctedBias;
    figures.push([
      'Bias of the sensor model',
      `${signed(samplePixels)} samples, ${signed(linePixels)} lines${rmsLeaveOneOut === null ? '' : `; ${rmsLeaveOneOut.toFixed(2)} px leave-one-out`}`,
    ]);
  }
  return figures;
}

/** Of the reference only the wavelength: a part of it that was read holds no other bands. */
function bandWords({
  scene,
  wavelengths,
}: NonNullable<SceneRegistration['comparedBands']>): string {
  const micrometers = (wavelength: number) => `${Number(wavelength.toFixed(3))} µm`;
  const [own, other] = [micrometers(wavelengths.scene), micrometers(wavelengths.reference)];
  const band = scene.map((index) => index + 1).join(', ');
  return `band ${band} of the scene (${own}) with the one of ${other} of the reference`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
