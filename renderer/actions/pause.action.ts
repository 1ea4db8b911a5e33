import { action } from './action.ts';

export default action({
  id: 'pause',
  group: 'Run',
  order: 2,
  title: 'Pause or resume',
  shortcuts: ['Space'],
  label: ({ target }) => (target?.status === 'paused' ? 'Resume' : 'Pause'),
  when: ({ target }) => target?.status === 'running' || target?.status === 'paused',
  perform: (workbench) => {
    const { target } = workbench;
    if (target) return workbench.ask(target.status === 'paused' ? 'runs.resume' : 'runs.pause', target.id);
  },
});
