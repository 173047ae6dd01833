import type { FlightStrip } from '../../contracts/flight.ts';

/** Pairs of a kind that are compared: more make no statement firmer that is worth their time. */
const MOST_PAIRS = 100;

/** Where images were taken, degrees; by name. */
export type ImagePlaces = ReadonlyMap<string, { latitude: number; longitude: number }>;

/** Two images by name. */
export interface NamedPair {
  first: string;
  second: string;
  kind: 'in strip' | 'across strips';
}

/**
 * Pairs of images that should show the same ground: neighbors in a strip, and each with the nearest image of
 * another strip; at most a hundred of a kind, evenly over the flight.
 */
export function pairsOfStrips(strips: readonly FlightStrip[], places: ImagePlaces): NamedPair[] {
  const flown = strips.map(({ images }) => images.filter((name) => places.has(name)));
  const inStrip = flown.flatMap((images) =>
    images.slice(1).map((second, index): NamedPair => ({
      first: images[index]!,
      second,
      kind: 'in strip',
    })),
  );
  if (flown.length < 2) return spread(inStrip);
  const all = flown.flatMap((images, strip) => images.map((name) => ({ name, strip })));
  const across = spread(all).flatMap((image): NamedPair[] => {
    const others = all.filter(({ strip }) => strip !== image.strip);
    const other = nearest(image.name, others, places);
    if (other === null) return [];
    // From the earlier strip to the later: a shift between lines then has one sign all over the flight.
    const [first, second] = other.strip < image.strip ? [other, image] : [image, other];
    return [{ first: first.name, second: second.name, kind: 'across strips' }];
  });
  // Of two images that are nearest to each other one pair is enough.
  const known = new Set<string>();
  const once = across.filter(({ first, second }) => {
    const key = `${first}\0${second}`;
    return !known.has(key) && known.add(key);
  });
  return [...spread(inStrip), ...once];
}

function nearest<Image extends { name: string }>(
  name: string,
  others: readonly Image[],
  places: ImagePlaces,
): Image | null {
  const from = places.get(name)!;
  const shrink = Math.cos((from.latitude * Math.PI) / 180);
  let [found, least]: [Image | null, number] = [null, Infinity];
  for (const other of others) {
    const to = places.get(other.name)!;
    const distance = Math.hypot(
      (to.longitude - from.longitude) * shrink,
      to.latitude - from.latitude,
    );
    if (distance < least) [found, least] = [other, distance];
  }
  return found;
}

function spread<Item>(items: readonly Item[]): Item[] {
  const every = Math.ceil(items.length / MOST_PAIRS);
  return items.filter((_, index) => index % every === 0);
}
