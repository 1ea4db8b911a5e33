import { action } from './action.ts';

export default action({
  id: 'add-runs',
  group: 'Run',
  order: 9,
  title: 'Add runs to the comparison',
  shortcuts: ['A'],
  when: ({ router }) => router.current.screen === 'compare',
  perform: (workbench) => {
    workbench.dialog = workbench.dialog === 'add-runs' ? null : 'add-runs';
  },
});
