/** Numbers up to which room is kept: windows come by the thousand, whole scenes one at a time. */
const KEPT_NUMBERS = 2 ** 18;

/**
 * Room for what lives no longer than one call, used again by the next: the collector of garbage would take a
 * fifth of the time that a comparison of windows does.
 *
 * @returns a function that gives room for so many numbers, with whatever the call before left in it.
 */
export function scratchRoom(): (length: number) => Float64Array {
  let room = new Float64Array();
  return (length) => {
    if (length > KEPT_NUMBERS) return new Float64Array(length);
    if (room.length < length) room = new Float64Array(length);
    return room.subarray(0, length);
  };
}
