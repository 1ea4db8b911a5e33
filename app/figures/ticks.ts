import { fixed, powerOfTen, readable, scientific } from './format.ts';

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Round values (1, 2, 5 times a power of ten) within a domain, about `count` of them, labelled alike. */
export function linearTicks([low, high]: readonly [number, number], count: number): Tick[] {
  const span = high - low;
  const rough = span / Math.max(1, count);
  const exponent = Math.floor(Math.log10(rough));
  const share = rough / 10 ** exponent;
  const factor = share < Math.SQRT2 ? 1 : share < Math.sqrt(10) ? 2 : share < Math.sqrt(50) ? 5 : 10;
  const step = factor * 10 ** exponent;
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  if (!Number.isFinite(first) || last - first > 1000) return [];
  const values = Array.from({ length: last - first + 1 }, (_, index) => (first + index === 0 ? 0 : (first + index) * step));
  const greatest = Math.max(Math.abs(low), Math.abs(high));
  const decimals = -Math.floor(Math.log10(step) + 1e-9);
  if (greatest < 1e7 && decimals <= 4) return values.map((value) => ({ value, label: fixed(value, Math.max(0, decimals)) }));
  const digits = Math.min(6, 1 + Math.max(0, Math.floor(Math.log10(greatest)) + decimals));
  return values.map((value) => ({ value, label: scientific(value, digits) }));
}

/** Powers of ten within a positive domain, thinned to about `count`; 2 and 5 between them where there are few. */
export function logTicks([low, high]: readonly [number, number], count: number): Tick[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  if (last - first < 1) {
    const within = linearTicks([low, high], count);
    return within.filter((tick) => tick.value > 0);
  }
  const stride = Math.max(1, Math.ceil((last - first + 1) / Math.max(2, count)));
  const plain = first >= -3 && last <= 6;
  const ticks: Tick[] = [];
  const factors = stride === 1 && (last - first + 1) * 3 <= count ? [1, 2, 5] : [1];
  for (let exponent = first - 1; exponent <= last; exponent += 1) {
    if ((((exponent - first) % stride) + stride) % stride !== 0) continue;
    for (const factor of factors) {
      const value = Number(`${factor}e${exponent}`);
      if (value < low || value > high) continue;
      ticks.push({ value, label: plain ? readable(value) : factor === 1 ? powerOfTen(exponent) : scientific(value) });
    }
  }
  return ticks;
}

/** Zero and signed powers of ten, for an axis that is linear near zero and logarithmic beyond one. */
export function symlogTicks([low, high]: readonly [number, number], count: number): Tick[] {
  if (Math.max(Math.abs(low), Math.abs(high)) <= 2) return linearTicks([low, high], count);
  const top = Math.max(0, Math.floor(Math.log10(Math.max(Math.abs(low), Math.abs(high))) + 1e-9));
  const stride = Math.max(1, Math.ceil((top + 1) / Math.max(1, count / (low < 0 && high > 0 ? 2 : 1))));
  const exponents = Array.from({ length: Math.floor(top / stride) + 1 }, (_, index) => index * stride).filter(
    (exponent) => exponent > 0 || top <= 3,
  );
  const label = (exponent: number) => (top <= 6 ? readable(10 ** exponent) : powerOfTen(exponent));
  return [
    ...exponents.toReversed().map((exponent) => ({ value: -(10 ** exponent), label: `−${label(exponent)}` })),
    { value: 0, label: '0' },
    ...exponents.map((exponent) => ({ value: 10 ** exponent, label: label(exponent) })),
  ].filter(({ value }) => value >= low && value <= high);
}
