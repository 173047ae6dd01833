import type { Finding } from '../../contracts/findings.ts';
import type { FlightImage } from '../../contracts/flight.ts';
import type { FiledPose, FlightCompanions } from '../../contracts/flight-companions.ts';
import { keysOfName } from './filed-poses.ts';
import { matchEvents } from './match-events.ts';

/** Gathers when each image was taken, and then gives it the place of its event. */
export class EventPlaces {
  private readonly taken: { name: string; seconds: number }[] = [];

  add({ name, description }: FlightImage): void {
    const capturedAt = description?.capturedAt ?? null;
    if (capturedAt === null) return;
    this.taken.push({ name, seconds: Date.parse(`${capturedAt.slice(0, 23)}Z`) / 1000 });
  }

  /** Companions with a pose for every image that has an event; call it when every image was added. */
  fill(companions: FlightCompanions): FlightCompanions {
    const list = companions.events;
    if (list === undefined) return companions;
    const images = this.taken.toSorted(
      (a, b) => a.seconds - b.seconds || (a.name < b.name ? -1 : 1),
    );
    const events = list.events.toSorted((a, b) => a.seconds - b.seconds);
    const match = matchEvents(
      images.map(({ seconds }) => seconds),
      events.map(({ seconds }) => seconds),
    );
    if (match === null) {
      return { ...companions, findings: [...companions.findings, unmatched(list.file)] };
    }
    const poses: Record<string, FiledPose> = Object.create(null);
    match.events.forEach((event, image) => {
      if (event === null) return;
      const { seconds: _seconds, ...place } = events[event]!;
      poses[keysOfName(images[image]!.name)[0]!] = { ...place, attitude: null };
    });
    return { ...companions, poseFile: list.file, poses: { ...poses } };
  }
}

function unmatched(file: string): Finding {
  return {
    code: 'EVENTS_UNMATCHED',
    severity: 'warning',
    scope: 'file',
    subject: file,
    message: `Cannot tell which event of "${file}" belongs to which image: under no difference of the clocks, or under several, do the times of half of the images fit; add a column with the names of the images`,
    values: {},
  };
}
