import { action } from './action.ts';

export default action({
  id: 'scrub-end',
  group: 'Time',
  order: 5,
  title: 'To the newest step, and follow',
  shortcuts: ['End'],
  when: ({ time }) => time !== null,
  perform: ({ time }) => time?.cursor.follow(),
});
