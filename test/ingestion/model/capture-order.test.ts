import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
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
  const order = new CaptureOrder(20);
  for (const image of flight) order.add(image);
  return flight.map((image) => order.findingsOf(image).map(({ code }) => code));
}
