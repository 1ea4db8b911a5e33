import { action } from './action.ts';

export default action({
  id: 'play',
  group: 'Time',
  order: 1,
  title: 'Play as a film',
  shortcuts: ['P'],
  label: ({ run }) => (run?.cursor.playing ? 'Pause the film' : 'Play as a film'),
  when: ({ run }) => run !== null && run.latest > 0,
  perform: ({ run }) => run?.cursor.togglePlay(),
});
