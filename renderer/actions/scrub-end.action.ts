import { action } from './action.ts';

export default action({
  id: 'scrub-end',
  group: 'Time',
  order: 5,
  title: 'To the newest step, and follow',
  shortcuts: ['End'],
  when: ({ run }) => run !== null && run.rows > 0,
  perform: ({ run }) => run?.cursor.follow(),
});
