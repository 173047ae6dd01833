import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Finding } from '../../../contracts/findings.ts';
import type { FlightImage } from '../../../contracts/flight.ts';
import { CaptureOrder } from '../../../ingestion/model/capture-order.ts';
import { longestRise } from '../../../ingestion/model/series-times.ts';
import { flightImage } from '../../support/flight-image.ts';

describe('CaptureOrder', () => {
  it('names the image whose time does not fit its number, and no other', () => {
    const flight = [1, 2, 3, 4, 5, 6].map((number) => at(number, number === 4 ? 1 : number * 5));
    expect(codes(flight)).toEqual([[], [], [], ['TIME_NOT_MONOTONIC'], [], []]);
  });

  it('compares numbers, not letters', () => {
    expect(codes([at(9, 10), at(10, 20), at(11, 30)])).toEqual([[], [], []]);
  });

  it('does not compare cards that count on their own', () => {
    const cards = [named('A_1.JPG', 50), named('A_2.JPG', 55), named('B_1.JPG', 1)];
    expect(codes(cards)).toEqual([[], [], []]);
  });

  it('names two places of one moment', () => {
    const position = { ...flightImage('x').description!.position!, latitude: 48.2 };
    const elsewhere = flightImage('I_2.JPG', { capturedAt: time(1), position });
    expect(codes([at(1, 1), elsewhere])).toEqual([[], ['TIME_DUPLICATE']]);
    // A burst of one place is no contradiction.
    expect(codes([at(1, 1), at(2, 1)])).toEqual([[], []]);
  });

  it('names the image without a time', () => {
    expect(codes([flightImage('I_1.JPG', { capturedAt: null })])).toEqual([['TIME_MISSING']]);
  });
});

describe('a time that does not fit the order of the numbers', () => {
  it('is named by its place in the order, and by the neighbor that it contradicts', () => {
    const flight = [1, 2, 3, 4, 5, 6].map((number) => at(number, number === 4 ? 1 : number * 5));
    const [finding] = findingsOf(flight)[3]!;
    expect(finding).toMatchObject({
      severity: 'warning',
      values: { index: 4, images: 6, neighbor: 'I_3.JPG', seconds: -14 },
    });
    expect(finding!.message).toContain(
      'number 4 of 6 in the order of their numbers, was taken at 2026-05-04T10:00:01, 14 s before "I_3.JPG"',
    );
  });

  it('is compared with what comes after it where nothing comes before', () => {
    const [finding] = findingsOf([at(1, 50), at(2, 2), at(3, 4), at(4, 6)])[0]!;
    expect(finding!.values).toMatchObject({ index: 1, neighbor: 'I_2.JPG', seconds: 48 });
  });

  it('is found in names that hold a time before their number, and letters after it', () => {
    const seconds = [0, 2, 4, 1, 8];
    const flight = seconds.map((second, index) =>
      named(`DJI_202605041000${String(2 * index).padStart(2, '0')}_000${index}_V.JPG`, second),
    );
    expect(codes(flight)).toEqual([[], [], [], ['TIME_NOT_MONOTONIC'], []]);
  });
});

describe('a step of the clock that is more than twenty times the median', () => {
  /** Five seconds from one number to the next, and after the third image so much more. */
  const paused = (
    seconds: number,
    gpsSeconds: number | null = null,
    numbers = [1, 2, 3, 4, 5, 6],
  ): FlightImage[] =>
    numbers.map((number, index) => {
      const clock = number * 5 + (index >= 3 ? seconds : 0);
      const receiver = number * 5 + (index >= 3 ? (gpsSeconds ?? 0) : 0);
      return flightImage(`I_${number}.JPG`, {
        capturedAt: isoOf(clock).slice(0, 19),
        gpsTime: gpsSeconds === null ? null : isoOf(receiver),
      });
    });
  const isoOf = (second: number) =>
    new Date(Date.UTC(2026, 4, 4, 10) + second * 1000).toISOString();

  it('is worth knowing, as batteries are changed, and says from which image to which and how long', () => {
    const findings = findingsOf(paused(480));
    expect(findings.map((each) => each.length)).toEqual([0, 0, 0, 1, 0, 0]);
    expect(findings[3]![0]).toMatchObject({
      code: 'TIME_NOT_MONOTONIC',
      severity: 'info',
      values: { from: 'I_3.JPG', index: 4, images: 6, seconds: 485, usualSeconds: 5, limit: 20 },
    });
    expect(findings[3]![0]!.message).toMatch(
      /^Between "I_3.JPG" and "I_4.JPG", number 4 of 6 .* went on by 8.1 min, where 5 s/,
    );
  });

  it.each([
    [94, []],
    [96, ['info']],
    [3590, ['info']],
    [3600, ['warning']],
  ])('of %d s and the usual 5 is %j', (seconds, severities) => {
    expect(findingsOf(paused(seconds))[3]!.map(({ severity }) => severity)).toEqual(severities);
  });

  it('is no fault where the receiver saw it, too, and one where it did not', () => {
    const seen = findingsOf(paused(7200, 7201))[3]![0]!;
    expect(seen).toMatchObject({ severity: 'info', values: { receiverSeconds: 7206 } });
    const jumped = findingsOf(paused(600, 0))[3]![0]!;
    expect(jumped).toMatchObject({ severity: 'warning', values: { receiverSeconds: 5 } });
    expect(jumped.message).toContain('its receiver counted 5 s, so one of the clocks jumped');
  });

  it('is none where numbers are missing that it spans', () => {
    expect(findingsOf(paused(480, null, [1, 2, 3, 100, 101, 102])).flat()).toEqual([]);
  });

  it('is not told by a clock of whole seconds in a burst, or by a handful of images', () => {
    const burst = [0, 0, 0, 1, 1, 18].map((second, index) => at(index, second));
    expect(findingsOf(burst).flat()).toEqual([]);
    expect(findingsOf([at(1, 0), at(2, 0), at(3, 1), at(4, 59)]).flat()).toEqual([]);
  });
});

describe('longestRise()', () => {
  it('is as long as a search over all subsequences finds it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 10 }), (values) => {
        const rise = longestRise(values);
        const taken = rise.map((index) => values[index]!);
        expect([...taken].sort((a, b) => a - b)).toEqual(taken);
        expect([...rise].sort((a, b) => a - b)).toEqual(rise);
        let longest = 0;
        for (let mask = 0; mask < 1 << values.length; mask++) {
          const subset = values.filter((_, index) => mask & (1 << index));
          const isRising = subset.every(
            (value, index) => index === 0 || subset[index - 1]! <= value,
          );
          if (isRising) longest = Math.max(longest, subset.length);
        }
        expect(rise).toHaveLength(longest);
      }),
      { numRuns: 200 },
    );
  });
});

function time(second: number): string {
  return `2026-05-04T10:00:${String(second).padStart(2, '0')}`;
}

function named(name: string, second: number): FlightImage {
  return flightImage(name, { capturedAt: time(second) });
}

function at(number: number, second: number): FlightImage {
  return named(`I_${number}.JPG`, second);
}

function codes(flight: FlightImage[]): string[][] {
  return findingsOf(flight).map((findings) => findings.map(({ code }) => code));
}

function findingsOf(flight: FlightImage[]): Finding[][] {
  const order = new CaptureOrder(20);
  for (const image of flight) order.add(image);
  return flight.map((image) => order.findingsOf(image));
}
