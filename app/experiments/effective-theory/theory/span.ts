/** Exact linear dependence of rows of small integers, by elimination modulo primes. */

/** What the rows added so far span. */
export interface Span {
  readonly rank: number;
  /** Adds a row of small integers. */
  add(row: ArrayLike<number>): void;
  /** True if the row is a linear combination of those added. */
  contains(row: ArrayLike<number>): boolean;
  /** Forgets all rows. */
  clear(): void;
}

/** Primes found so far, decreasing from below 2^26: products of two residues stay exact in a double. */
const primes: number[] = [];

/** The `count` largest primes below 2^26. */
function largestPrimes(count: number): number[] {
  for (let candidate = (primes.at(-1) ?? 2 ** 26 + 1) - 2; primes.length < count; candidate -= 2)
    if (primeFactors(candidate)[0] === candidate) primes.push(candidate);
  return primes.slice(0, count);
}

/** Residue 0 .. prime - 1 of an integer below 2^53 in magnitude. */
function residue(value: number, prime: number): number {
  const rest = value - Math.floor(value / prime) * prime;
  return rest < 0 ? rest + prime : rest >= prime ? rest - prime : rest;
}

/** value^-1 modulo a prime, by Euclid's algorithm. @param value 1 .. prime - 1 */
function inverse(value: number, prime: number): number {
  let [a, b, x, y] = [value, prime, 1, 0];
  while (a > 1) {
    const quotient = Math.floor(b / a);
    [a, b, x, y] = [b - quotient * a, a, y - quotient * x, x];
  }
  return residue(x, prime);
}

/** Row echelon form over the integers modulo a prime below 2^26. */
function spanModulo(width: number, prime: number): Span {
  /** Rows by the column of their leading 1. */
  const rows = Array.from({ length: width }, () => new Float64Array(width));
  const used = new Uint8Array(width);
  const scratch = new Float64Array(width);
  let rank = 0;

  /** Leaves in `scratch` what the rows do not explain, up to its first unexplained column; -1 if they explain it all. */
  const reduce = (row: ArrayLike<number>): number => {
    for (let j = 0; j < width; j += 1) scratch[j] = residue(row[j], prime);
    for (let lead = 0; lead < width; lead += 1) {
      const factor = scratch[lead];
      if (factor === 0) continue;
      if (used[lead] === 0) return lead;
      const pivot = rows[lead];
      for (let j = lead; j < width; j += 1) if (pivot[j] !== 0) scratch[j] = residue(scratch[j] - factor * pivot[j], prime);
    }
    return -1;
  };

  return {
    get rank() {
      return rank;
    },
    add(row) {
      const lead = reduce(row);
      if (lead < 0) return;
      const scale = inverse(scratch[lead], prime);
      const target = rows[lead];
      target.fill(0, 0, lead);
      for (let j = lead; j < width; j += 1) target[j] = residue(scratch[j] * scale, prime);
      used[lead] = 1;
      rank += 1;
    },
    contains: (row) => reduce(row) < 0,
    clear() {
      used.fill(0);
      rank = 0;
    },
  };
}

/**
 * Span over the rational numbers of rows with Euclidean norm at most sqrt(6), as parallelograms have.
 * A minor of order r is then at most 6^(r/2) in magnitude (Hadamard), so that as many primes as together exceed this bound
 * cannot all divide it: the largest rank modulo any of them is the rank, and nothing is left to rounding.
 * @param width numbers in a row
 */
export function rationalSpan(width: number): Span {
  // Every prime used is above 2^25.9.
  const count = Math.max(1, Math.ceil((width * Math.log2(6)) / 2 / 25.9));
  const spans = largestPrimes(count).map((prime) => spanModulo(width, prime));
  const rank = (): number => Math.max(...spans.map((span) => span.rank));
  return {
    get rank() {
      return count === 1 ? spans[0].rank : rank();
    },
    add(row) {
      for (const span of spans) span.add(row);
    },
    contains(row) {
      const full = rank();
      return spans.every((span) => span.rank < full || span.contains(row));
    },
    clear() {
      for (const span of spans) span.clear();
    },
  };
}

/** The distinct primes that divide an integer above 1. */
function primeFactors(value: number): number[] {
  const factors: number[] = [];
  let rest = value;
  for (let factor = 2; factor * factor <= rest; factor += 1) {
    if (rest % factor === 0) factors.push(factor);
    while (rest % factor === 0) rest /= factor;
  }
  return rest > 1 ? [...factors, rest] : factors;
}

/**
 * Span of rows of residues. Of a composite modulus it is what the rows span modulo each of its prime factors:
 * `width - rank` is then 2 exactly if only the linear maps into the residues solve all rows.
 * @param modulus 2 or more
 */
export function cyclicSpan(width: number, modulus: number): Span {
  const spans = primeFactors(modulus).map((prime) => spanModulo(width, prime));
  return {
    get rank() {
      return Math.min(...spans.map((span) => span.rank));
    },
    add(row) {
      for (const span of spans) span.add(row);
    },
    contains: (row) => spans.every((span) => span.contains(row)),
    clear() {
      for (const span of spans) span.clear();
    },
  };
}
