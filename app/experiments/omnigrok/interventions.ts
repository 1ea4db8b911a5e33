import type { Intervention, Parameters, RunState } from '../experiment.ts';
import type { OmnigrokParameters } from './parameters.ts';

type Changes = Partial<OmnigrokParameters>;
type Own = Intervention<OmnigrokParameters>;

/** Decay that is tried where there is none. */
const someDecay = 0.5;

const samples = (factor: number) => (parameters: OmnigrokParameters) => {
  const { task, trainingFraction, trainingSamples } = parameters;
  if (task === 'modular-addition' || task === 'transformer') {
    const next = Number((trainingFraction * (factor > 1 ? 1.2 : 1 / 1.2)).toPrecision(3));
    return next < 1 ? { trainingFraction: next } : 'Nearly all pairs are trained on already.';
  }
  const next = Math.round(trainingSamples * factor);
  return next >= 1 ? { trainingSamples: next } : 'There is only one training sample.';
};

const decay = (factor: number) => (parameters: OmnigrokParameters) => {
  const { weightDecay, pinNorm } = parameters;
  if (pinNorm) return 'The norm is pinned, so weight decay does nothing.';
  if (factor > 1) return { weightDecay: weightDecay > 0 ? factor * weightDecay : someDecay };
  return weightDecay > 0 ? { weightDecay: factor * weightDecay } : 'There is no weight decay to take away.';
};

const scale = (factor: number) => (parameters: OmnigrokParameters) => ({ initialScale: factor * parameters.initialScale });

/** Needs the landscape. */
function atCritical(changes: (norm: number, parameters: OmnigrokParameters, state: RunState) => Changes): Own['changes'] {
  return (parameters, state) =>
    state.criticalNorm === null ? 'w_c is not known before the landscape is computed.' : changes(state.criticalNorm, parameters, state);
}

const digits = (value: number): number => Number(value.toPrecision(4));

const list: readonly Own[] = [
  {
    id: 'pin-critical',
    label: 'Pin the norm at w_c, from the start',
    help: 'Held at the bottom of the U, the network generalises as soon as it fits: the delay vanishes.',
    from: 'start',
    changes: atCritical((norm) => ({ pinNorm: true, pinnedNorm: digits(norm), weightDecay: 0 })),
  },
  {
    id: 'pin-critical-here',
    label: 'Pin the norm at w_c, from here',
    help: 'The network jumps to the bottom of the U instead of being walked there by weight decay.',
    from: 'here',
    changes: atCritical((norm) => ({ pinNorm: true, pinnedNorm: digits(norm), weightDecay: 0 })),
  },
  {
    id: 'pin-here',
    label: 'Pin the norm where it is',
    help: 'On the right wall of the U the network never generalises, however long it is trained.',
    from: 'here',
    changes: ({ pinNorm }, { norm }) =>
      pinNorm ? 'The norm is pinned already.' : { pinNorm: true, pinnedNorm: digits(norm), weightDecay: 0 },
  },
  {
    id: 'begin-critical',
    label: 'Begin at w_c',
    help: 'The same network with smaller or larger initial weights and no pinning: it does not grok, it comprehends.',
    from: 'anew',
    changes: atCritical((norm, { initialScale }, { initialNorm }) => ({ initialScale: digits((initialScale * norm) / initialNorm) })),
  },
  {
    id: 'scale-down',
    label: 'Halve the initial scale',
    help: 'A shorter way to the bottom of the U, so a shorter delay.',
    from: 'anew',
    changes: scale(0.5),
  },
  {
    id: 'scale-up',
    label: 'Double the initial scale',
    help: 'A longer way to the bottom of the U: ln 2 / (ηγ) more steps of delay.',
    from: 'anew',
    changes: scale(2),
  },
  {
    id: 'decay-up',
    label: 'Weight decay × 4',
    help: 'The norm falls four times as fast, so the delay is a quarter; too much of it overshoots the bottom of the U.',
    from: 'here',
    changes: decay(4),
  },
  {
    id: 'decay-off',
    label: 'No weight decay',
    help: 'The norm stays, so the network keeps what it has memorised.',
    from: 'here',
    changes: decay(0),
  },
  {
    id: 'data-up',
    label: 'More training data',
    help: 'Four times the samples, or a fifth more of the pairs: the right wall of the U comes down, and grokking with it.',
    from: 'here',
    changes: samples(4),
  },
  {
    id: 'data-down',
    label: 'Less training data',
    help: 'A quarter of the samples, or a fifth fewer of the pairs: below a critical number nothing generalises.',
    from: 'here',
    changes: samples(1 / 4),
  },
  {
    id: 'perpendicular',
    label: 'Drop gradients along the weights',
    help: 'What only makes weights larger is left out of every gradient (⊥Grad), so the norm does not rise.',
    from: 'here',
    changes: ({ gradientTransform }) =>
      gradientTransform === 'perpendicular' ? 'They are dropped already.' : { gradientTransform: 'perpendicular' },
  },
  {
    id: 'grokfast',
    label: 'Amplify slow gradients',
    help: 'The moving average of gradients is added twice (Grokfast): what generalises is slow and comes sooner.',
    from: 'anew',
    changes: ({ gradientTransform }) =>
      gradientTransform === 'grokfast' ? 'They are amplified already.' : { gradientTransform: 'grokfast' },
  },
];

/** What can be done about grokking in a run: pin its norm, scale, decay, data (Liu, Michaud, Tegmark 2023), and what came later. */
export const interventions: readonly Intervention[] = list.map((one) => ({
  ...one,
  changes: (parameters: Parameters, state: RunState) => one.changes(parameters as OmnigrokParameters, state) as Parameters | string,
}));
