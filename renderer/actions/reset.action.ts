import { action } from './action.ts';

export default action({
  id: 'reset',
  group: 'Picture',
  order: 2,
  title: 'Reset view',
  shortcuts: ['0'],
  when: ({ scene }) => scene !== null,
  perform: ({ scene }) => scene?.reset(),
});
