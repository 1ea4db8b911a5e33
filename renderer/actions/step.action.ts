import { action } from './action.ts';

export default action({
  id: 'step',
  group: 'Run',
  order: 3,
  title: 'Take one step',
  shortcuts: ['.'],
  when: ({ run }) => run?.record.status === 'paused' && run.record.step < run.record.steps,
  perform: async ({ run, service }) => {
    if (!run) return;
    run.cursor.follow();
    await service.call('runs.step', { run: run.id, count: 1 });
  },
});
