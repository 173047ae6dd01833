/**
 * A number of false alarms for people.
 *
 * @example
 * falseAlarmWords(3.2e-5); // 'by chance alone, one of about 31,000 unrelated pairs would look as good'
 */
export function falseAlarmWords(falseAlarms: number | null): string {
  if (falseAlarms === null) return 'nothing was compared, so nothing is said about chance';
  if (falseAlarms < 1e-12) {
    return 'by chance alone, fewer than one of a trillion unrelated pairs would look as good';
  }
  if (falseAlarms >= 0.5) return 'unrelated pairs look as good by chance alone';
  const pairs = Math.round(Number((1 / falseAlarms).toPrecision(2)));
  return `by chance alone, one of about ${grouped(pairs)} unrelated pairs would look as good`;
}

/** Thousands apart, the same in every locale. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
