const MOST_STEPS = 200;
const EPSILON = 1e-15;

/** Lanczos coefficients for g = 7, n = 9. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/**
 * The value that a chi-square variable stays below with the given probability.
 *
 * Wilson and Hilferty's approximation, then Newton's method on the regularized incomplete gamma function
 * to the last digits.
 *
 * Source: E. Wilson and M. Hilferty, "The distribution of chi-square", 1931; W. Press et al., "Numerical
 * Recipes", chapter 6.2; C. Lanczos, 1964, for the gamma function.
 *
 * @param probability in (0, 1).
 * @param degrees of freedom, at least 1.
 * @throws {RangeError} when a parameter is out of range.
 *
 * @example
 * chiSquareQuantile(0.975, 20); // 34.1696
 */
export function chiSquareQuantile(probability: number, degrees: number): number {
  if (!(probability > 0 && probability < 1 && degrees >= 1)) {
    throw new RangeError(
      `Cannot give a chi-square quantile as the probability must be in (0, 1) and the degrees of freedom at least 1: found ${probability} and ${degrees}`,
    );
  }
  let x = Math.max(wilsonHilferty(probability, degrees), 1e-6);
  let [low, high] = [0, Infinity];
  for (let step = 0; step < MOST_STEPS; step++) {
    const miss = chiSquareProbability(x, degrees) - probability;
    if (miss > 0) high = x;
    else low = x;
    let next = x - miss / chiSquareDensity(x, degrees);
    // Newton may leave the bracket in the tails: then halve it.
    if (!(next > low && next < high)) next = high === Infinity ? 2 * x : (low + high) / 2;
    if (Math.abs(next - x) <= 4 * EPSILON * x) return next;
    x = next;
  }
  return x;
}

/** The probability that a chi-square variable lies below `x`. */
export function chiSquareProbability(x: number, degrees: number): number {
  if (x <= 0) return 0;
  const [a, half] = [degrees / 2, x / 2];
  const front = Math.exp(a * Math.log(half) - half - logGamma(a));
  return half < a + 1 ? front * lowerSeries(a, half) : 1 - front * upperFraction(a, half);
}

function chiSquareDensity(x: number, degrees: number): number {
  const a = degrees / 2;
  return Math.exp((a - 1) * Math.log(x / 2) - x / 2 - logGamma(a)) / 2;
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; k < 10_000 && term > sum * EPSILON; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

/** Lentz's evaluation of the continued fraction. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < 10_000; k++) {
    const factor = -k * (k - a);
    b += 2;
    d = 1 / (factor * d + b);
    c = b + factor / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < EPSILON) break;
  }
  return fraction;
}

function wilsonHilferty(probability: number, degrees: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + normalQuantile(probability) * Math.sqrt(spread)) ** 3;
}

/** Rough, to 5e-4 (C. Hastings, 1955): only a start for Newton's method. */
function normalQuantile(probability: number): number {
  const tail = Math.min(probability, 1 - probability);
  const t = Math.sqrt(-2 * Math.log(tail));
  const z =
    t -
    (2.515517 + t * (0.802853 + t * 0.010328)) /
      (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return probability < 0.5 ? -z : z;
}

function logGamma(value: number): number {
  const x = value - 1;
  let sum = LANCZOS[0]!;
  for (let k = 1; k < LANCZOS.length; k++) sum += LANCZOS[k]! / (x + k);
  const t = x + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum);
}
