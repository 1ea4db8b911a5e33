import { isOver } from '#renderer/state/live-run.svelte.ts';
import { action } from './action.ts';

export default action({
  id: 'delete',
  group: 'Run',
  order: 11,
  title: 'Delete',
  shortcuts: ['Delete'],
  when: ({ target }) => target !== null && isOver(target.status),
  perform: (workbench) => {
    if (workbench.target) return workbench.remove(workbench.target);
  },
});
