import { action } from './action.ts';

export default action({
  id: 'rename',
  group: 'Run',
  order: 7,
  title: 'Rename',
  shortcuts: ['F2'],
  when: ({ target }) => target !== null,
  perform: (workbench) => {
    if (workbench.router.current.screen === 'runs') workbench.renaming = workbench.picked;
    else workbench.dialog = 'rename';
  },
});
