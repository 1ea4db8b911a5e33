import type { ReadySweep } from '../experiment.ts';
import { omnigrokLandscape } from './landscape.ts';
import type { OmnigrokParameters } from './parameters.ts';

const { from, to } = omnigrokLandscape.scales;
const scale = (count: number) => ({ kind: 'range' as const, parameter: 'initialScale', scale: 'log' as const, from, to, count });
const pinned = (task: OmnigrokParameters['task']) => omnigrokLandscape.pinned({ task }) as Partial<OmnigrokParameters>;

/** The maps of the paper at sizes that two cores do in minutes. */
export const omnigrokSweeps: readonly ReadySweep<OmnigrokParameters>[] = [
  {
    id: 'scale-and-data',
    label: 'Digits: initial scale and number of digits, pinned',
    source: 'Figure 3a of the paper with digits of 14 x 14 pixels, at most 2,000 of them, 1,500 full-batch steps.',
    preset: 'digits',
    parameters: pinned('digits'),
    axes: [scale(9), { kind: 'list', parameter: 'trainingSamples', values: [20, 50, 100, 200, 500, 1000, 2000] }],
    seeds: 1,
  },
  {
    id: 'scale-and-messiness',
    label: 'Fixed latents: scale of the decoder and messiness, pinned',
    source: 'Figure 8 of the paper on a coarser grid, 5,000 steps.',
    preset: 'latents',
    parameters: pinned('latents'),
    axes: [scale(9), { kind: 'range', parameter: 'messiness', scale: 'linear', from: 0, to: 0.2, count: 9 }],
    seeds: 1,
  },
  {
    id: 'decay-and-scale',
    label: 'Teacher and student: weight decay and initial scale',
    source: 'The runs of figure 2b and 2c of the paper as a map: how many steps pass between fitting and generalising.',
    preset: 'teacher-student',
    parameters: {},
    axes: [
      { kind: 'range', parameter: 'weightDecay', scale: 'log', from: 0.05, to: 5, count: 9 },
      { kind: 'range', parameter: 'initialScale', scale: 'log', from: 0.5, to: 4, count: 7 },
    ],
    seeds: 3,
  },
];
