/**
 * Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011).
 * A number depends only on seed, purpose and index, so that every purpose of a run (embedding, network, split)
 * has its own stream and none disturbs another.
 */
import { inverseNormal } from './elementary.ts';

/** High and low 32 bits of the 64-bit product. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (middle % 0x10000) + aLow * bHigh;
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/**
 * One block of Philox4x32-10.
 * @param counter four unsigned 32-bit words
 * @param key two unsigned 32-bit words
 * @param out receives four unsigned 32-bit words
 */
export function philox(counter: ArrayLike<number>, key: ArrayLike<number>, out: Uint32Array): void {
  let c0 = counter[0];
  let c1 = counter[1];
  let c2 = counter[2];
  let c3 = counter[3];
  let k0 = key[0];
  let k1 = key[1];
  for (let round = 0; round < 10; round += 1) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0) >>> 0;
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** FNV-1a over the UTF-16 code units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}

/** A sequence of random numbers. Methods consume from it; two streams of one seed and purpose are equal. */
export interface RandomStream {
  /** Uniform integer in [0, 2^32). */
  word(): number;
  /** Uniform in the open interval (0, 1), a multiple of 2^-53, never its ends. */
  uniform(): number;
  /** Standard normal, by inversion: exactly one uniform each. */
  normal(): number;
  /** Uniform integer in [0, bound), without bias. @throws RangeError unless 1 <= bound <= 2^32 */
  below(bound: number): number;
  /** 0 .. count-1 in random order (Fisher-Yates). */
  permutation(count: number): Uint32Array;
  /** `size` distinct numbers of 0 .. count-1, increasing, every set equally likely. @throws RangeError unless 0 <= size <= count */
  subset(count: number, size: number): Uint32Array;
}

/**
 * The stream of random numbers for one purpose.
 * @param seed integer 0 .. 2^53 - 1
 * @param purpose e.g. `embedding`; different purposes give independent streams
 * @throws RangeError for any other seed
 */
export function stream(seed: number, purpose: string): RandomStream {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`a seed is a whole number from 0 to 2^53 - 1, not ${seed}`);
  const key = [seed >>> 0, Math.floor(seed / 0x100000000)];
  const counter = new Uint32Array([0, 0, 0, hash(purpose)]);
  const block = new Uint32Array(4);
  let used = 4;

  const word = (): number => {
    if (used === 4) {
      philox(counter, key, block);
      counter[0] += 1;
      if (counter[0] === 0) counter[1] += 1;
      used = 0;
    }
    used += 1;
    return block[used - 1];
  };
  const uniform = (): number => {
    const upper = word() >>> 6;
    const lower = word() >>> 6;
    return (upper * 0x4000000 + lower + 0.5) / 0x10000000000000;
  };
  const below = (bound: number): number => {
    if (!Number.isSafeInteger(bound) || bound < 1 || bound > 0x100000000)
      throw new RangeError(`a bound is a whole number from 1 to 2^32, not ${bound}`);
    const limit = 0x100000000 - (0x100000000 % bound);
    let value = word();
    while (value >= limit) value = word();
    return value % bound;
  };
  /** The first `size` places of a random order. */
  const shuffled = (count: number, size: number): Uint32Array => {
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    for (let i = 0; i < size; i += 1) {
      const j = i + below(count - i);
      const kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order.subarray(0, size);
  };
  return {
    word,
    uniform,
    normal: () => inverseNormal(uniform()),
    below,
    permutation: (count) => shuffled(count, count),
    subset: (count, size) => {
      if (!(size >= 0 && size <= count)) throw new RangeError(`${size} of ${count} cannot be chosen`);
      return shuffled(count, size).slice().sort();
    },
  };
}
