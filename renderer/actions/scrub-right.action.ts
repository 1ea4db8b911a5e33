import { action } from './action.ts';
import { recordedStep } from './recorded-step.ts';

export default action({
  id: 'scrub-right',
  group: 'Time',
  order: 3,
  title: 'Forward one recorded step',
  shortcuts: ['ArrowRight'],
  when: ({ time }) => time !== null && !time.cursor.following,
  perform: ({ time }) => time?.cursor.scrub(recordedStep(time, 1)),
});
