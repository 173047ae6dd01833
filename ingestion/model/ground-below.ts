import type { FlightThresholds } from '../../contracts/flight-thresholds.ts';
import { median, nmad } from '../../maths/robust.ts';
import type { TakeOff } from './flight-survey.ts';

/** Height of the ground at a place, meters; null where the model knows none. */
export type HeightAt = (longitude: number, latitude: number) => number | null;

/** A ground model as the altitudes of a flight see it. */
export interface GroundBelow {
  heightAt: HeightAt;
  /** Meters by which altitudes are too high for the model; 0 where they fit, or nothing tells. */
  offset: number;
  /** Scatter of what the single images say of it, meters. */
  spread: number;
}

/**
 * Compares a ground model with where the flight took off. Images that record both of their heights say how
 * high that is; where all agree, and not with the model, the two count from another zero. Over hills they
 * do not agree, and the altitudes are taken as they are.
 */
export function groundBelow(
  heightAt: HeightAt,
  takeOffs: readonly TakeOff[],
  { datumOffset, datumSpread }: FlightThresholds,
): GroundBelow {
  const offsets = takeOffs.flatMap(({ longitude, latitude, altitude }) => {
    const ground = heightAt(longitude, latitude);
    return ground === null ? [] : [altitude - ground];
  });
  const [offset, spread] = [median(offsets), nmad(offsets)];
  if (offset === null || spread === null) return { heightAt, offset: 0, spread: 0 };
  const isOfDatum = spread <= datumSpread && Math.abs(offset) > datumOffset;
  return { heightAt, offset: isOfDatum ? offset : 0, spread };
}
