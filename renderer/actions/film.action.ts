import { action } from './action.ts';

export default action({
  id: 'film',
  group: 'Picture',
  order: 5,
  title: 'Export a film',
  shortcuts: ['Mod+Shift+F'],
  when: ({ run }) => run !== null && run.rows > 0,
  perform: (workbench) => {
    workbench.dialog = workbench.dialog === 'film' ? null : 'film';
  },
});
