import { action } from './action.ts';

export default action({
  id: 'scrub-home',
  group: 'Time',
  order: 4,
  title: 'To the first step',
  shortcuts: ['Home'],
  when: ({ run }) => run !== null && run.rows > 0,
  perform: ({ run }) => run?.cursor.scrub(0),
});
