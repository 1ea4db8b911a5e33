import { action } from './action.ts';
import { recordedStep } from './recorded-step.ts';

export default action({
  id: 'scrub-left',
  group: 'Time',
  order: 2,
  title: 'Back one recorded step',
  shortcuts: ['ArrowLeft'],
  when: ({ time }) => time !== null && time.cursor.step > 0,
  perform: ({ time }) => time?.cursor.scrub(recordedStep(time, -1)),
});
