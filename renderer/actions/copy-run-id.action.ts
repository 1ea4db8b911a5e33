import { action } from './action.ts';

export default action({
  id: 'copy-run-id',
  group: 'Run',
  order: 10,
  title: 'Copy run id',
  shortcuts: ['Shift+C'],
  when: ({ target }) => target !== null,
  perform: async ({ target, toasts }) => {
    if (!target) return;
    await navigator.clipboard.writeText(target.id);
    toasts.show(`Copied ${target.id}.`);
  },
});
