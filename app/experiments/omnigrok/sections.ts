import type { SectionSource } from '#app/landscape/section.ts';

const loss = { unit: '', scale: 'log', output: 'loss' } as const;

/** What sections through the loss show: a mean squared error, or a cross-entropy in nats. */
export const sections: SectionSource = {
  curves: [
    { id: 'train', label: 'training loss', evaluation: 'train', ...loss },
    { id: 'test', label: 'test loss', evaluation: 'test', ...loss },
  ],
  tables: ['embedding'],
};
