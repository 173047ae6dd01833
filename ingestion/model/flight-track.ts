import type { FlightStrip } from '../../contracts/flight.ts';
import type { PlacedImage } from './placed-image.ts';
import { findStrips, type Strip } from './strips.ts';
import { rounded } from './value-spread.ts';

/** An exposure, whatever the number of its bands. */
export interface Exposure extends PlacedImage {
  /** Every image of the exposure, itself among them. */
  bands: string[];
  /** Seconds of the camera's clock; null when it does not fit the order of the names. */
  time: number | null;
}

/** The exposures of a flight in the order in which they were taken, cut into lines. */
export interface FlightTrack {
  exposures: Exposure[];
  strips: Strip[];
}

/** Orders exposures by their clock; one whose clock is wrong keeps its place among the names. */
export function trackOf(
  images: readonly PlacedImage[],
  isTimeTrusted: (name: string) => boolean,
): FlightTrack {
  const exposures = exposuresOf(images, isTimeTrusted);
  let last = -Infinity;
  const ordered = exposures
    .map((exposure) => {
      last = exposure.time ?? last;
      return { exposure, at: last };
    })
    .sort((a, b) => a.at - b.at || a.exposure.rank - b.exposure.rank)
    .map(({ exposure }) => exposure);
  return { exposures: ordered, strips: findStrips(ordered) };
}

/** Bands of one capture share their position: the first by name stands for all. */
function exposuresOf(
  images: readonly PlacedImage[],
  isTimeTrusted: (name: string) => boolean,
): Exposure[] {
  const byCapture = new Map<string, Exposure>();
  const exposures: Exposure[] = [];
  for (const image of [...images].sort((a, b) => a.rank - b.rank)) {
    const capture = image.description.band?.capture ?? null;
    const first = capture === null ? undefined : byCapture.get(capture);
    if (first !== undefined) {
      first.bands.push(image.name);
      continue;
    }
    const time = isTimeTrusted(image.name) ? secondsOf(image.capturedAt) : null;
    const exposure = { ...image, bands: [image.name], time };
    exposures.push(exposure);
    if (capture !== null) byCapture.set(capture, exposure);
  }
  return exposures;
}

function secondsOf(capturedAt: string | null): number | null {
  return capturedAt === null ? null : Date.parse(`${capturedAt.slice(0, 23)}Z`) / 1000;
}

/** The lines of a flight as its manifest lists them. */
export function stripsOf({ exposures, strips }: FlightTrack): FlightStrip[] {
  return strips.map(({ heading, members }, index) => ({
    id: index + 1,
    heading: heading === null ? null : rounded((heading + 360) % 360, 3),
    images: members.flatMap((member) => exposures[member]!.bands),
  }));
}
