/** Side of the picture that a hash is made from. */
export const HASH_SIDE = 32;
/** Frequencies per axis that count. */
const FREQUENCIES = 8;

/**
 * Perceptual hash: alike pictures have hashes that differ in few bits, whatever their size and format.
 *
 * The lowest 8 x 8 frequencies of the cosine transform, each a 1 where it is above their median; the mean
 * brightness itself does not count.
 *
 * Source: C. Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010, 3.2.1.
 *
 * @param grey 32 x 32 values, row-major.
 * @returns 16 hexadecimal digits.
 */
export function perceptualHash(grey: ArrayLike<number>): string {
  if (grey.length !== HASH_SIDE * HASH_SIDE) {
    throw new RangeError(
      `Cannot hash as ${HASH_SIDE ** 2} values are needed: found ${grey.length}`,
    );
  }
  const found: number[] = [];
  for (let v = 0; v < FREQUENCIES; v++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      let sum = 0;
      for (let y = 0; y < HASH_SIDE; y++) {
        for (let x = 0; x < HASH_SIDE; x++) {
          sum += grey[y * HASH_SIDE + x]! * wave(u, x) * wave(v, y);
        }
      }
      found.push(sum);
    }
  }
  const sorted = found.slice(1).sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1]!;
  let digits = '';
  for (let at = 0; at < found.length; at += 4) {
    const bits = [0, 1, 2, 3].map((k) => (at + k > 0 && found[at + k]! > median ? 1 : 0));
    digits += ((bits[0]! << 3) | (bits[1]! << 2) | (bits[2]! << 1) | bits[3]!).toString(16);
  }
  return digits;
}

function wave(frequency: number, place: number): number {
  return Math.cos(((2 * place + 1) * frequency * Math.PI) / (2 * HASH_SIDE));
}

/**
 * How many bits of two hashes differ.
 *
 * @example
 * hashDistance('00000000000000ff', '0000000000000000'); // 8
 */
export function hashDistance(a: string, b: string): number {
  const [firstA, secondA] = halvesOf(a);
  const [firstB, secondB] = halvesOf(b);
  return onesIn(firstA ^ firstB) + onesIn(secondA ^ secondB);
}

function halvesOf(hash: string): [number, number] {
  return [Number.parseInt(hash.slice(0, 8), 16), Number.parseInt(hash.slice(8), 16)];
}

/** Bits that are set in a number of 32 bits: counted in pairs, fours and eights, all at once. */
function onesIn(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  const eights = (fours + (fours >>> 4)) & 0x0f0f0f0f;
  const sixteens = eights + (eights >>> 8);
  return (sixteens + (sixteens >>> 16)) & 0x3f;
}

/**
 * Groups of hashes that are reached from one another by steps of at most `maxDistance` bits. Each is
 * compared with each; it yields after each row, as thousands of them take a while.
 *
 * @returns positions, in ascending order, of every group of two or more; groups by their first member.
 */
export function* groupsOfAlike(
  hashes: readonly string[],
  maxDistance: number,
): Generator<void, number[][]> {
  const halves = hashes.map(halvesOf);
  const first = Int32Array.from(halves, ([half]) => half | 0);
  const second = Int32Array.from(halves, ([, half]) => half | 0);
  const parent = hashes.map((_, i) => i);
  const rootOf = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]!]!;
    return i;
  };
  for (let i = 0; i < hashes.length; i++) {
    for (let j = 0; j < i; j++) {
      const distance = onesIn(first[i]! ^ first[j]!) + onesIn(second[i]! ^ second[j]!);
      if (distance > maxDistance) continue;
      const [a, b] = [rootOf(i), rootOf(j)];
      parent[Math.max(a, b)] = Math.min(a, b);
    }
    yield;
  }
  const groups = new Map<number, number[]>();
  for (const i of hashes.keys()) {
    const root = rootOf(i);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [i]);
    else group.push(i);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}
