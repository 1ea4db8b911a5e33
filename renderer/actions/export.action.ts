import { action } from './action.ts';

export default action({
  id: 'export',
  group: 'Picture',
  order: 4,
  title: 'Export a figure',
  shortcuts: ['Mod+E'],
  when: ({ run }) => run !== null && run.rows > 0,
  perform: (workbench) => {
    workbench.dialog = workbench.dialog === 'export' ? null : 'export';
  },
});
