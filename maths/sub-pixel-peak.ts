import { columnsUpTo, type CrossSpectrum } from './cross-correlation.ts';
import { frequency, waves } from './waves.ts';

/** Pixels around the whole-pixel peak that are looked at, and how closely: a peak is a pixel wide. */
const REACH = 1;
const STEP = 0.5;
const NEWTON_STEPS = 8;
const CONVERGED = 1e-5;

/**
 * Where the correlation between the pixels is highest: the inverse transform is a sum of waves, so it has
 * a value everywhere. First on a grid of half pixels, then by Newton's method, which unlike a parabola
 * through three pixels has no pull towards whole ones.
 *
 * @param peak whole pixels; the answer lies within 1.5 pixels of it along each axis.
 */
export function subPixelPeak(
  spectrum: CrossSpectrum,
  peak: { x: number; y: number },
): { x: number; y: number } {
  const coarse = highestOnGrid(spectrum, peak);
  let { x, y } = coarse;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const { gx, gy, hxx, hxy, hyy } = derivatives(spectrum, x, y);
    const determinant = hxx * hyy - hxy * hxy;
    // Not the top of a hill: the grid is as good as it gets.
    if (!(determinant > 0 && hxx < 0)) return coarse;
    const moveX = (hxy * gy - hyy * gx) / determinant;
    const moveY = (hxy * gx - hxx * gy) / determinant;
    x += moveX;
    y += moveY;
    if (Math.max(Math.abs(x - coarse.x), Math.abs(y - coarse.y)) > STEP) return coarse;
    if (Math.abs(moveX) < CONVERGED && Math.abs(moveY) < CONVERGED) break;
  }
  return { x, y };
}

function highestOnGrid(spectrum: CrossSpectrum, peak: { x: number; y: number }) {
  const { width, height, values, lastColumns } = spectrum;
  const steps = Math.round((2 * REACH) / STEP) + 1;
  const offsets = Array.from({ length: steps }, (_, index) => index * STEP - REACH);
  const rowWaves = offsets.map((offset) => waves(height, peak.y + offset));
  let best = { x: peak.x, y: peak.y, value: Number.NEGATIVE_INFINITY };
  const rows = new Float64Array(2 * height);
  for (const offset of offsets) {
    const wave = waves(width, peak.x + offset);
    for (let v = 0; v < height; v++) {
      let real = 0;
      let imaginary = 0;
      const start = 2 * v * width;
      for (const [first, end] of columnsUpTo(lastColumns[v]!, width)) {
        for (let u = 2 * first; u < 2 * end; u += 2) {
          const a = values[start + u]!;
          const b = values[start + u + 1]!;
          real += a * wave[u]! - b * wave[u + 1]!;
          imaginary += a * wave[u + 1]! + b * wave[u]!;
        }
      }
      rows[2 * v] = real;
      rows[2 * v + 1] = imaginary;
    }
    offsets.forEach((offsetY, index) => {
      const waveY = rowWaves[index]!;
      let value = 0;
      for (let v = 0; v < 2 * height; v += 2) {
        value += rows[v]! * waveY[v]! - rows[v + 1]! * waveY[v + 1]!;
      }
      if (value > best.value) best = { x: peak.x + offset, y: peak.y + offsetY, value };
    });
  }
  return { x: best.x, y: best.y };
}

/** First and second derivatives of the correlation at a shift, up to a common factor. */
function derivatives({ width, height, values, lastColumns }: CrossSpectrum, x: number, y: number) {
  const [waveX, waveY] = [waves(width, x), waves(height, y)];
  const frequencies = Float64Array.from({ length: width }, (_, u) => frequency(u, width));
  let [gx, gy, hxx, hxy, hyy] = [0, 0, 0, 0, 0];
  for (let v = 0; v < height; v++) {
    const start = 2 * v * width;
    let r0 = 0;
    let i0 = 0;
    let r1 = 0;
    let i1 = 0;
    let r2 = 0;
    let i2 = 0;
    for (const [first, end] of columnsUpTo(lastColumns[v]!, width)) {
      for (let u = first; u < end; u++) {
        const a = values[start + 2 * u]!;
        const b = values[start + 2 * u + 1]!;
        const real = a * waveX[2 * u]! - b * waveX[2 * u + 1]!;
        const imaginary = a * waveX[2 * u + 1]! + b * waveX[2 * u]!;
        const k = frequencies[u]!;
        r0 += real;
        i0 += imaginary;
        r1 += k * real;
        i1 += k * imaginary;
        r2 += k * k * real;
        i2 += k * k * imaginary;
      }
    }
    const c = waveY[2 * v]!;
    const s = waveY[2 * v + 1]!;
    const k = frequency(v, height);
    gx -= r1 * s + i1 * c;
    gy -= k * (r0 * s + i0 * c);
    hxx -= r2 * c - i2 * s;
    hxy -= k * (r1 * c - i1 * s);
    hyy -= k * k * (r0 * c - i0 * s);
  }
  return { gx, gy, hxx, hxy, hyy };
}
