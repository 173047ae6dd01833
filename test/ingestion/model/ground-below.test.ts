import { describe, expect, it } from '@jest/globals';
import type { FlightImage } from '../../../contracts/flight.ts';
import { groundBelow, type HeightAt } from '../../../ingestion/model/ground-below.ts';
import { ManifestBuilder } from '../../../ingestion/model/manifest.ts';
import { defaultThresholds } from '../../../ingestion/model/thresholds.ts';
import { flightImage } from '../../support/flight-image.ts';

const base = flightImage('x').description!;
/** The place of the images below, and their altitude. */
const { latitude, longitude } = base.position!;
const altitude = 600;

/** Four images 20 m apart to the north, 100 m above the take-off at 500 m by what they record. */
function line(more: Partial<FlightImage['description'] & object> = {}): FlightImage[] {
  return [0, 1, 2, 3].map((step) =>
    flightImage(`IMG_${step}.JPG`, {
      position: { ...base.position!, latitude: latitude + step * 1.8e-4, altitude },
      relativeAltitude: 100,
      capturedAt: `2026-05-04T10:00:0${step}.5`,
      ...more,
    }),
  );
}

function judge(flight: FlightImage[], heightAt?: HeightAt) {
  const builder = new ManifestBuilder();
  builder.survey(flight);
  if (heightAt !== undefined) builder.useGround(heightAt);
  builder.locate(flight);
  builder.judge(flight);
  const { statistics, findings } = builder.build('F1', []);
  const ofDatum = findings.filter(({ code }) => code === 'ALTITUDE_DATUM_SUSPECT');
  return { geometry: statistics.geometry!, ofDatum };
}

/** Meters a pixel at one meter above the ground: what a camera of this focal length sees. */
const perMeter = 1 / base.focalPixels!;

describe('the ground below a flight', () => {
  it('gives the height of each image, before the record above take-off', () => {
    expect(judge(line()).geometry.gsd!.median).toBeCloseTo(100 * perMeter, 9);
    // A slope of 10 m from image to image, which is no other datum.
    const slope: HeightAt = (_, at) => 520 + ((at - latitude) / 1.8e-4) * 10;
    const { geometry, ofDatum } = judge(line(), slope);
    expect(geometry.heightsFrom).toEqual({ groundModel: 4, takeOff: 0, levelGround: 0 });
    expect(geometry.gsd!.maximum).toBeCloseTo(80 * perMeter, 9);
    expect(geometry.gsd!.minimum).toBeCloseTo(50 * perMeter, 9);
    expect(ofDatum).toEqual([]);
  });

  it('stands in where nothing else tells the height', () => {
    const { geometry } = judge(line({ relativeAltitude: null }), () => 560);
    expect(geometry.gsd!.median).toBeCloseTo(40 * perMeter, 9);
  });

  it('is left where it knows nothing, or would lie above the camera', () => {
    for (const heightAt of [() => null, () => 4000]) {
      const { geometry } = judge(line({ relativeAltitude: 100 }), heightAt);
      expect(geometry.gsd!.median).toBeCloseTo(100 * perMeter, 9);
    }
    const partly = judge(line(), (_, at) => (at > latitude + 1e-4 ? null : 502));
    expect(partly.geometry.heightsFrom).toEqual({ groundModel: 1, takeOff: 3, levelGround: 0 });
  });

  it('says that altitudes count from another zero, and reckons without the difference', () => {
    const { geometry, ofDatum } = judge(line(), () => 453);
    expect(ofDatum).toMatchObject([
      { severity: 'warning', scope: 'flight', values: { offset: 47, spread: 0 } },
    ]);
    expect(ofDatum[0]!.message).toContain('47.0 m above the ground model');
    expect(geometry.gsd!.median).toBeCloseTo(100 * perMeter, 9);
  });

  it('takes no offset from hills, nor from less than five meters', () => {
    const takeOffs = [0, 20, 40, 60].map((north) => ({
      longitude,
      latitude: north,
      altitude: 500,
    }));
    expect(groundBelow((_, north) => 400 + north, takeOffs, defaultThresholds).offset).toBe(0);
    expect(groundBelow(() => 495.5, takeOffs, defaultThresholds).offset).toBe(0);
    expect(groundBelow(() => 494.5, takeOffs, defaultThresholds).offset).toBe(5.5);
    expect(groundBelow(() => null, takeOffs, defaultThresholds).offset).toBe(0);
  });
});
