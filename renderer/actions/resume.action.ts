import { action } from './action.ts';

export default action({
  id: 'resume',
  group: 'Run',
  order: 5,
  title: 'Resume from the last checkpoint',
  shortcuts: ['R'],
  label: ({ target }) => (target?.status === 'interrupted' ? 'Resume from the last checkpoint' : 'Resume'),
  when: ({ target }) => target?.status === 'interrupted' || target?.status === 'stopped',
  perform: (workbench) => {
    if (workbench.target) return workbench.ask('runs.resume', workbench.target.id);
  },
});
