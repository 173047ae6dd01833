import type { ControlAccuracy, SceneLocation } from '../../contracts/geolocalization.ts';
import { type OverlayPictures, registrationSection } from './registration-section.ts';
import { figureList } from '../../pages/figure-list.ts';
import { footprintMap } from './footprint-map.ts';
import { type Html, html, pageOf } from '../../pages/html.ts';
import type { SceneOfReport, ScenesReport } from './scenes-report.ts';
import { type PlacedScene, placedScene } from './placed-scene.ts';
import { lengthWords } from './words.ts';

const controlModels: Record<ControlAccuracy['model'], string> = {
  affine: 'affine transform',
  projective: 'plane perspective',
  'thin-plate-spline': 'thin-plate spline',
};

/** The report of a satellite request as one page. */
export function scenesPage(
  report: ScenesReport,
  previews: ReadonlyMap<string, string>,
  overlays: ReadonlyMap<string, OverlayPictures> = new Map(),
): string {
  const isCompared = report.scenes.some(({ registration }) => registration !== undefined);
  const title = `Scenes ${report.jobId}`;
  return pageOf(
    title,
    html`<h1>${title}</h1>
      <p><span class="verdict ${report.verdict}">${report.verdict}</span></p>
      <p>
        ${report.counts.usable} of ${report.counts.images} scenes are located
        ${
          isCompared
            ? 'against the reference; how well is relative to it, and its own accuracy is not known here.'
            : 'by their own georeference. It is what the files state: nothing was compared with a reference.'
        }
      </p>
      ${report.scenes.map((scene) =>
        sceneSection(scene, previews.get(scene.name), overlays.get(scene.name) ?? null),
      )}`,
  );
}

function sceneSection(
  scene: SceneOfReport,
  preview: string | undefined,
  overlays: OverlayPictures | null,
): Html {
  const placed = placedScene(scene, scene.registration ?? null);
  const { shown, stated } = placed;
  return html`<h2>${scene.name}</h2>
    <p>
      <span class="verdict ${statusClass(scene, stated !== null)}">${scene.status}</span>
      ${scene.reason}
    </p>
    ${noticesOf(scene)}
    ${preview === undefined ? '' : html`<img class="preview" src="${preview}" alt="Preview of the scene" />`}
    ${figureList([...figuresOf(shown), ...statedFigures(stated)])} ${mapOf(placed)}
    ${scene.registration === undefined ? '' : registrationSection(scene.registration, overlays)}`;
}

function statusClass({ status }: SceneOfReport, isWrong: boolean): string {
  if (status !== 'stated') return 'unlocated';
  return isWrong ? 'review' : 'stated';
}

/** Of a scene that was found elsewhere both places, and which is which. */
function mapOf({ shown, stated }: PlacedScene): Html | '' {
  const outlines = ({ name, footprint }: SceneLocation, words: string, isWrong: boolean) =>
    (footprint?.coordinates ?? []).map((polygon) => ({
      title: `${name}${words}`,
      ring: polygon[0]!,
      isWrong,
    }));
  if (stated === null) {
    const rings = outlines(shown, '', false);
    return rings.length === 0 ? '' : footprintMap(rings);
  }
  const rings = [
    ...outlines(stated, ', as its file states', true),
    ...outlines(shown, ', as it was found', false),
  ];
  return html`${footprintMap(rings)}
    <p class="legend">
      <span><i class="right"></i>where it was found</span>
      <span><i class="wrong"></i>where its file states</span>
    </p>`;
}

function statedFigures(stated: SceneLocation | null): [string, string][] {
  if (stated?.center === undefined || stated.center === null) return [];
  return [['Center as stated', degreesWords(stated.center)]];
}

/** What has to be known of it: its warnings, and findings that are more than a note. */
function noticesOf({ warnings, findings = [] }: SceneOfReport): Html | '' {
  const found = findings.filter(
    ({ severity, message }) => severity !== 'info' && !warnings.includes(message),
  );
  const notices = [...warnings, ...found.map(({ code, message }) => `${message} (${code})`)];
  if (notices.length === 0) return '';
  return html`<ul>
    ${notices.map((notice) => html`<li>${notice}</li>`)}
  </ul>`;
}

function figuresOf(scene: SceneLocation): [string, string][] {
  const { width, height, bands, crs, center, gsd, areaSquareMeters, control } = scene;
  return [
    ['Size', width === null ? 'not known' : `${width} x ${height} pixels, ${bands} bands`],
    ['Coordinate reference system', crs ?? 'not stated'],
    ['Center', center === null ? 'not known' : degreesWords(center)],
    [
      'Ground sample distance',
      gsd === null ? 'not known' : `${lengthWords(gsd.column)} x ${lengthWords(gsd.row)}`,
    ],
    [
      'Area',
      areaSquareMeters === null ? 'not known' : `${(areaSquareMeters / 1e6).toFixed(3)} km²`,
    ],
    ...(control === undefined ? [] : [controlFigure(control)]),
  ];
}

function controlFigure({
  model,
  points,
  rmsPixels,
  leaveOneOutPixels,
}: ControlAccuracy): [string, string] {
  const left =
    leaveOneOutPixels === null ? '' : `, ${leaveOneOutPixels.toFixed(2)} px for points left out`;
  return [
    'Ground control',
    `${points} points, ${controlModels[model]}: ${rmsPixels.toFixed(2)} px rms${left}`,
  ];
}

function degreesWords([longitude, latitude]: readonly [number, number]): string {
  const north = `${Math.abs(latitude).toFixed(6)}° ${latitude < 0 ? 'S' : 'N'}`;
  const east = `${Math.abs(longitude).toFixed(6)}° ${longitude < 0 ? 'W' : 'E'}`;
  return `${north}, ${east}`;
}
