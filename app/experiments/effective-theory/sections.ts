import type { SectionSource } from '#app/landscape/section.ts';

/** What sections through the loss show; in regression a mean squared error, in classification nats. */
export const sections: SectionSource = {
  curves: [
    { id: 'train', label: 'training loss', unit: '', scale: 'log', evaluation: 'now', output: 'trainLoss' },
    { id: 'test', label: 'test loss', unit: '', scale: 'log', evaluation: 'now', output: 'testLoss' },
  ],
  tables: ['embedding'],
};
