import { action } from './action.ts';

export default action({
  id: 'fork',
  group: 'Run',
  order: 6,
  title: 'Fork here',
  shortcuts: ['Shift+F'],
  when: ({ run, draft }) => run !== null && run.rows > 0 && Boolean(draft?.parameters) && !draft?.experiment.imported,
  perform: (workbench) => {
    workbench.dialog = 'fork';
  },
});
