import { action } from './action.ts';

export default action({
  id: 'start-sweep',
  group: 'Sweep',
  order: 3,
  title: 'Start the sweep',
  shortcuts: ['Mod+Enter'],
  when: ({ router, sweepDraft, starting }) =>
    router.current.screen === 'new-sweep' && sweepDraft !== null && typeof sweepDraft.definition !== 'string' && !starting,
  perform: (workbench) => workbench.startSweep(),
});
