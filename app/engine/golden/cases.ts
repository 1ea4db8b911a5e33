import type { RealArray, Session } from '../index.ts';

/** A tensor as the scripts beside this file write it: little-endian numbers in the case's precision, row-major, in base64. */
export interface Encoded {
  readonly shape: readonly number[];
  readonly data: string;
}

/** A training trajectory. */
export interface Trajectory {
  readonly name: string;
  readonly precision: 'f32' | 'f64';
  readonly steps: number;
  readonly initial: Readonly<Record<string, Encoded>>;
  readonly losses: readonly number[];
  readonly firstGradient: Readonly<Record<string, Encoded>>;
  readonly final: Readonly<Record<string, Encoded>>;
}

export function decode({ data }: Encoded, precision: 'f32' | 'f64'): RealArray {
  const { buffer } = fromBase64(data);
  return precision === 'f64' ? new Float64Array(buffer) : new Float32Array(buffer);
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const digits = text.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  for (let i = 0, bits = 0, at = 0; i < digits.length; i++) {
    bits = ((bits << 6) | DIGITS.indexOf(digits[i])) & 0xffff;
    if (i % 4 > 0) bytes[at++] = bits >> (6 - 2 * (i % 4));
  }
  return bytes;
}

/** Largest difference relative to the largest expected value. */
export function distance(actual: RealArray, expected: RealArray): number {
  let difference = 0;
  let size = 0;
  expected.forEach((value, i) => {
    difference = Math.max(difference, Math.abs(actual[i] - value));
    size = Math.max(size, Math.abs(value));
  });
  return difference / size;
}

/** Largest relative differences of a session that trains from the initial values on. */
export function worstErrors(golden: Trajectory, session: Session): { loss: number; gradient: number; parameters: number } {
  for (const [name, values] of Object.entries(golden.initial)) session.write(name, decode(values, golden.precision));
  const worst = { loss: 0, gradient: 0, parameters: 0 };
  golden.losses.forEach((expected, step) => {
    session.run(1);
    worst.loss = Math.max(worst.loss, Math.abs(session.trainOutputs().loss / expected - 1));
    if (step > 0) return;
    for (const [name, values] of Object.entries(golden.firstGradient)) {
      worst.gradient = Math.max(worst.gradient, distance(session.read(`gradient/${name}`), decode(values, golden.precision)));
    }
  });
  for (const [name, values] of Object.entries(golden.final)) {
    worst.parameters = Math.max(worst.parameters, distance(session.read(name), decode(values, golden.precision)));
  }
  return worst;
}
