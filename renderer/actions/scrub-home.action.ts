import { action } from './action.ts';

export default action({
  id: 'scrub-home',
  group: 'Time',
  order: 4,
  title: 'To the first step',
  shortcuts: ['Home'],
  when: ({ time }) => time !== null,
  perform: ({ time }) => time?.cursor.scrub(0),
});
