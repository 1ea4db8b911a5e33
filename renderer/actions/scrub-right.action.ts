import { action } from './action.ts';
import { recordedStep } from './recorded-step.ts';

export default action({
  id: 'scrub-right',
  group: 'Time',
  order: 3,
  title: 'Forward one recorded step',
  shortcuts: ['ArrowRight'],
  when: ({ run }) => run !== null && !run.cursor.following,
  perform: ({ run, draft }) => run?.cursor.scrub(recordedStep(run, draft, 1)),
});
