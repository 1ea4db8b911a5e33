/** Numbers as people read them: thousands with commas, a true minus sign, powers of ten raised. */

const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** 10 to a whole power, e.g. `10⁻⁸`. */
export function powerOfTen(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => raised[Number(digit)]).join('');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}

const grouped = (fixed: string): string => {
  const [whole, decimals] = fixed.split('.');
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return decimals === undefined ? separated : `${separated}.${decimals}`;
};

/** A number with a fixed count of decimals, e.g. `−1,234.50`. */
export function fixed(value: number, decimals: number): string {
  const text = grouped(Math.abs(value).toFixed(decimals));
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** `m × 10ⁿ`, or `10ⁿ` when the mantissa is one. */
export function scientific(value: number, digits = 1): string {
  if (value === 0) return '0';
  const [mantissa, exponent] = Math.abs(value)
    .toExponential(Math.max(0, digits - 1))
    .split('e');
  const shown = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return `${value < 0 ? '−' : ''}${shown === '1' ? '' : `${shown} × `}${powerOfTen(Number(exponent))}`;
}

/** A number for readers: at most about `digits` significant digits, e.g. `0.0123`, `1,240`, `3.2 × 10⁻⁷`, `not a number`. */
export function readable(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value < 0 ? '−∞' : '∞';
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  if (magnitude < -4 || magnitude > 8) return scientific(value, digits);
  if (Number.isInteger(value)) return fixed(value, 0);
  const text = fixed(value, Math.max(0, digits - 1 - magnitude));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
