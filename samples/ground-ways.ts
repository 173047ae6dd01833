import type { Layer } from './ground-texture.ts';
import { riverNorthing, roadEasting } from './terrain.ts';
import type { Noise } from './value-noise.ts';

/** Square distance to a curve that leans by `slope`, good near the curve. */
const distanceTo = (offset: number, slope: number) =>
  Math.abs(offset) / Math.sqrt(1 + slope * slope);

/** A slow river of 7 m: dark water with ripples, a pale shore, and reed. */
export function createRiver(noise: Noise): Layer {
  return (east, north, color) => {
    const offset = north - riverNorthing(east);
    if (Math.abs(offset) > 12) return;
    const slope = riverNorthing(east + 0.5) - riverNorthing(east - 0.5);
    const distance = distanceTo(offset, slope) + 1.4 * (noise(east / 1.7, north / 1.7) - 0.5);
    if (distance > 5.6) return;
    const grain = noise(east * 9, north * 9) - 0.5;
    const isWater = distance < 3.5;
    const ripple =
      14 * grain * noise(east / 3, north / 3) + 10 * (noise(east / 2, north * 1.4) - 0.5);
    const light = isWater ? 1 : distance < 4.1 ? 1 + 0.5 * grain : 0.8 + 0.9 * grain;
    const [red, green, blue] = isWater
      ? [44 + 6 * distance, 70 + 5 * distance, 74]
      : distance < 4.1
        ? [168, 154, 124]
        : [92, 112, 58];
    color[0] = light * red + (isWater ? ripple : 0);
    color[1] = light * green + (isWater ? ripple : 0);
    color[2] = light * blue + (isWater ? ripple : 0);
  };
}

/** A country road of 6 m with worn asphalt, a dashed middle line, edge lines and gravel beside it. */
export function createRoad(noise: Noise): Layer {
  return (east, north, color) => {
    const offset = east - roadEasting(north);
    if (Math.abs(offset) > 7) return;
    const slope = roadEasting(north + 0.5) - roadEasting(north - 0.5);
    const distance = distanceTo(offset, slope);
    const shoulder = 3.5 + 0.9 * noise(east / 1.3, north / 1.3);
    if (distance > shoulder) return;
    const grain = noise(east * 12, north * 12) - 0.5;
    const wear = noise(east / 1.1, north / 6) - 0.5;
    const isLine =
      (distance < 0.08 && north - 6 * Math.floor(north / 6) < 3) ||
      Math.abs(distance - 2.75) < 0.07;
    const gray = isLine
      ? 214 + 40 * grain
      : distance < 3
        ? 112 + 26 * wear + 34 * grain
        : 158 + 70 * grain;
    color[0] = gray * 1.01;
    color[1] = gray;
    color[2] = gray * (distance < 3 ? 1.02 : 0.88);
  };
}
