import type { RunRecord } from '#app/protocol/contract.ts';
import { grouped } from '#app/experiments/cost.ts';

export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'accent';

interface StatusWords {
  readonly label: string;
  readonly tone: Tone;
  sentence(record: RunRecord): string;
}

/** Each state's word, tone and one sentence. */
const words: Readonly<Record<RunRecord['status'], StatusWords>> = {
  queued: { label: 'queued', tone: 'plain', sentence: () => 'Waiting for a free worker.' },
  running: { label: 'training', tone: 'good', sentence: (run) => `Training: step ${grouped(run.step)} of ${grouped(run.steps)}.` },
  paused: {
    label: 'paused',
    tone: 'accent',
    sentence: (run) => `Paused at step ${grouped(run.step)}: resume, take single steps, or fork from here.`,
  },
  finished: { label: 'finished', tone: 'plain', sentence: (run) => `Finished all ${grouped(run.steps)} steps.` },
  stopped: {
    label: 'stopped',
    tone: 'plain',
    sentence: (run) => `Stopped at step ${grouped(run.step)} of ${grouped(run.steps)}; everything up to there is kept.`,
  },
  diverged: {
    label: 'diverged',
    tone: 'bad',
    sentence: (run) => run.message ?? `Diverged at step ${grouped(run.step)}; a lower learning rate may help.`,
  },
  failed: { label: 'failed', tone: 'bad', sentence: (run) => run.message ?? `Failed at step ${grouped(run.step)}.` },
  interrupted: {
    label: 'interrupted',
    tone: 'warn',
    sentence: (run) =>
      run.message ?? `Interrupted at step ${grouped(run.step)}; it can continue from its last checkpoint to the same bits.`,
  },
};

export const statusLabel = (status: RunRecord['status']): string => words[status].label;
export const statusTone = (status: RunRecord['status']): Tone => words[status].tone;
export const statusSentence = (record: RunRecord): string => words[record.status].sentence(record);
