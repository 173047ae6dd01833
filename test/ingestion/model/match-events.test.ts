import { describe, expect, it } from '@jest/globals';
import { parseEventList } from '../../../ingestion/model/event-list.ts';
import { matchEvents } from '../../../ingestion/model/match-events.ts';
import { ManifestBuilder } from '../../../ingestion/model/manifest.ts';
import { randomNumbers } from '../../../maths/seeded-random.ts';
import { flightImage } from '../../support/flight-image.ts';

describe('parseEventList()', () => {
  it('reads times as seconds, ISO 8601 or as receivers write them', () => {
    const list = parseEventList(
      '% GPST,Latitude(deg),Longitude(deg),Height(m),sd_h\n2019/04/11 03:01:21.5,24.68,120.95,186.5,0.02\n2019-04-11T03:01:23Z,24.68,120.95,186.5,0\n12,24.68,120.95,x,0.02',
    );
    expect(list!.map(({ seconds }) => seconds)).toEqual([1554951681.5, 1554951683, 12]);
    expect(list![0]).toMatchObject({ latitude: 24.68, longitude: 120.95, sdHorizontal: 0.02 });
    expect(list![1]!.sdHorizontal).toBeNull();
    expect(list![2]!.altitude).toBeNull();
  });

  it.each([
    ['image,time,lat,lon\nA.JPG,1,48,11\nB.JPG,2,48,11\nC.JPG,3,48,11', 'names images'],
    ['time,lat\n1,2\n2,3\n3,4', 'has no longitude'],
    ['time,lat,lon\n1,48,11\nx,48,11\n3,48,11', 'has a row without a time'],
    ['time,lat,lon\n1,148,11\n2,48,11\n3,48,11', 'lies on no globe'],
    ['', 'is empty'],
  ])('is null of %j, which %s', (text) => expect(parseEventList(text)).toBeNull());
});

describe('matchEvents()', () => {
  /** Lines of eight, three seconds apart, with a turn of another length after each. */
  const random = randomNumbers('events');
  const truth: number[] = [];
  for (let line = 0, time = 0; line < 6; line++, time += 9 + 7 * line) {
    for (let step = 0; step < 8; step++) truth.push((time += 2.8 + 0.4 * random()));
  }

  it('finds the offset of the clocks, with events and images missing', () => {
    const images = truth.filter((_, index) => index !== 5 && index !== 20).map(Math.floor);
    const events = truth.filter((_, index) => index !== 11).map((time) => time + 7183.4);
    const match = matchEvents(images, events)!;
    // A clock of whole seconds is half a second behind in the middle.
    expect(Math.abs(match.offset - 7183.9)).toBeLessThan(0.3);
    const kept = truth.map((_, index) => index).filter((index) => index !== 5 && index !== 20);
    const expected = kept.map((index) => (index === 11 ? null : index > 11 ? index - 1 : index));
    expect(match.events).toEqual(expected);
  });

  it('refuses a flight without a pause, where the next event fits as well', () => {
    const even = Array.from({ length: 20 }, (_, index) => 3 * index);
    expect(matchEvents(even.slice(2, 12), even)).toBeNull();
  });

  it('refuses events of another flight, and nothing at all', () => {
    const other = Array.from({ length: 10 }, (_, index) => 400 * index * index);
    expect(matchEvents(truth, other)).toBeNull();
    expect(matchEvents([], truth)).toBeNull();
    expect(matchEvents(truth, [])).toBeNull();
  });
});

describe('a flight whose positions stand in a list of events', () => {
  const base = flightImage('x').description!;
  const seconds = [0, 3, 6, 30, 33, 36, 39, 70, 73];
  const images = seconds.map((second, index) =>
    flightImage(`IMG_${index}.JPG`, {
      position: null,
      capturedAt: new Date(Date.UTC(2026, 4, 4, 10) + 1000 * second).toISOString().slice(0, 19),
    }),
  );
  const events = seconds.map((second, index) => ({
    seconds: 5000.2 + second,
    latitude: 48.1 + 0.0001 * index,
    longitude: 11.5,
    altitude: 600,
    sdHorizontal: 0.02,
    sdVertical: null,
  }));
  const build = (list: typeof events) => {
    const builder = new ManifestBuilder({
      poseFile: null,
      poses: {},
      findings: [],
      events: { file: 'events.csv', events: list },
    });
    builder.meet(images);
    builder.survey(images);
    builder.locate(images);
    return { images: builder.judge(images), manifest: builder.build('x', []) };
  };

  it('has them in its images', () => {
    const built = build(events);
    expect(built.manifest.statistics.positionFile).toBe('events.csv');
    expect(built.images.map(({ description }) => description!.position!.latitude)).toEqual(
      events.map(({ latitude }) => latitude),
    );
    expect(built.images[0]!.description!.position).toMatchObject({ source: 'file', altitude: 600 });
    expect(built.images[0]!.description!.attitude).toEqual(base.attitude);
  });

  it('says so when they cannot be told apart', () => {
    const built = build(events.slice(0, 2));
    expect(built.manifest.findings.map(({ code }) => code)).toContain('EVENTS_UNMATCHED');
    expect(built.images[0]!.description!.position).toBeNull();
  });
});
