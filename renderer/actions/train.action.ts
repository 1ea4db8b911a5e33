import { action } from './action.ts';

export default action({
  id: 'train',
  group: 'Run',
  order: 1,
  title: 'Train',
  shortcuts: ['F5'],
  when: ({ draft, router, starting }) =>
    (router.current.screen === 'run' || router.current.screen === 'new') &&
    Boolean(draft?.parameters) &&
    !draft?.experiment.imported &&
    !starting,
  perform: (workbench) => workbench.train(),
});
