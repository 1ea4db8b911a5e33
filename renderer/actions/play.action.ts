import { action } from './action.ts';

export default action({
  id: 'play',
  group: 'Time',
  order: 1,
  title: 'Play as a film',
  shortcuts: ['P'],
  label: ({ time }) => (time?.cursor.playing ? 'Pause the film' : 'Play as a film'),
  when: ({ time }) => time !== null && time.cursor.latest > 0,
  perform: ({ time }) => time?.cursor.togglePlay(),
});
