import { isOver } from '#renderer/state/live-run.svelte.ts';
import { action } from './action.ts';

export default action({
  id: 'stop',
  group: 'Run',
  order: 4,
  title: 'Stop',
  shortcuts: ['Mod+.'],
  when: ({ target }) => target !== null && !isOver(target.status),
  perform: (workbench) => {
    if (workbench.target) return workbench.ask('runs.stop', workbench.target.id);
  },
});
