/** How fast the backends of a machine train one model. */
import { z } from 'zod';
import { Backend } from './backend.ts';

/** One backend on the model. */
export const BackendSpeed = z.object({
  name: Backend,
  label: z.string(),
  /** Null where it took no part. */
  build: z.string().nullable(),
  /** Why it took no part; null if it did. */
  leftOut: z.string().nullable(),
  /** Training steps a second, recording included: the median of the bursts. Null where it took no part. */
  stepsPerSecond: z.number().nullable(),
  /** Slowest and fastest burst. */
  range: z.tuple([z.number(), z.number()]).nullable(),
  bursts: z.number(),
  /** Largest relative difference of the losses of the first steps from those of the first backend; null if a loss was not finite. */
  difference: z.number().nullable(),
});
export type BackendSpeed = z.infer<typeof BackendSpeed>;

export const SpeedResult = z.object({
  experiment: z.string(),
  precision: z.enum(['f32', 'f64']),
  backends: z.array(BackendSpeed),
  /** Part of the time in which the processor really worked for the measurement; clearly below 1 on a busy machine. */
  share: z.number(),
});
export type SpeedResult = z.infer<typeof SpeedResult>;

/** What to make of a measurement. */
export interface SpeedAdvice {
  readonly recommended: BackendSpeed['name'];
  /** One to three sentences. */
  readonly words: string;
}

/** Losses that differ by more than this after a few steps come from another computation, not from another rounding. */
export const agreement = { f32: 1e-4, f64: 1e-8 } as const;
/** Nobody should give up equal bits everywhere for less than this factor. */
const worthwhile = 1.1;
/** A machine busier than this spoils a measurement. */
const quiet = 0.8;

/** The backend to choose: the first one, unless another that computes the same is clearly faster. */
export function speedAdvice({ backends, precision, share }: SpeedResult): SpeedAdvice {
  const measured = backends.filter(({ stepsPerSecond }) => stepsPerSecond !== null);
  const [first] = measured;
  if (!first) return { recommended: 'wasm', words: 'Nothing could be measured; see why beside each backend.' };
  const same = measured.filter(({ difference }) => difference !== null && difference <= agreement[precision]);
  const rate = ({ stepsPerSecond }: BackendSpeed): number => stepsPerSecond ?? 0;
  const fastest = same.reduce((best, each) => (rate(each) > rate(best) ? each : best), first);
  const chosen = rate(fastest) >= worthwhile * rate(first) ? fastest : first;
  const others = measured.filter((each) => each !== chosen);
  const compared = others.map((each) => `${factor(rate(chosen) / rate(each))} as fast as ${quoted(each)}`);
  const words = [
    compared.length === 0
      ? `Only ${quoted(chosen)} could be measured.`
      : `${quoted(chosen)} trains this model ${listed(compared)}${chosen === first && fastest !== first ? `; what ${quoted(fastest)} gains is not worth its other bits` : ''}: choose it.`,
    ...(chosen === first ? [] : [`Its last digits differ from those of ${quoted(first)}, whose runs have the same bits on every machine.`]),
    ...others
      .filter((each) => !same.includes(each))
      .map((each) => `${quoted(each)} computed something else in the first steps, so its speed does not count.`),
    ...(share < quiet ? ['The machine was busy with other work, so every number is too low; measure again when it is idle.'] : []),
  ];
  return { recommended: chosen.name, words: words.join(' ') };
}

const quoted = ({ label }: BackendSpeed): string => `“${label}”`;

const factor = (times: number): string => (times >= 9.95 ? `${Math.round(times)} times` : `${times.toFixed(1)} times`);

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
