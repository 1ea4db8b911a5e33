import { action } from './action.ts';

export default action({
  id: 'fit',
  group: 'Picture',
  order: 1,
  title: 'Fit view',
  shortcuts: ['F'],
  when: ({ scene }) => scene !== null,
  perform: ({ scene }) => scene?.fit(),
});
