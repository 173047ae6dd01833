/**
 * Numbers from 0 to below 1 that look random and are the same for the same seed, on every machine: runs
 * that are repeated give the same bytes.
 *
 * Source: B. Jenkins and C. Doty-Humphrey's `sfc32` (PractRand), seeded by FNV-1a over the text.
 *
 * @param seed such as the hash of the content.
 *
 * @example
 * randomNumbers('abc')() === randomNumbers('abc')(); // true
 */
export function randomNumbers(seed: string): () => number {
  let [a, b, c, counter] = [hash(seed, 1), hash(seed, 2), hash(seed, 3), 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first numbers still show the seed.
  for (let turn = 0; turn < 12; turn++) next();
  return next;
}

function hash(text: string, salt: number): number {
  let value = 0x811c9dc5 ^ salt;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value | 0;
}
