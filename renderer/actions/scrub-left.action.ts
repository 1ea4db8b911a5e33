import { action } from './action.ts';
import { recordedStep } from './recorded-step.ts';

export default action({
  id: 'scrub-left',
  group: 'Time',
  order: 2,
  title: 'Back one recorded step',
  shortcuts: ['ArrowLeft'],
  when: ({ run }) => run !== null && run.cursor.step > 0,
  perform: ({ run, draft }) => run?.cursor.scrub(recordedStep(run, draft, -1)),
});
