import { mostCompared } from '#renderer/state/route.svelte.ts';
import { action } from './action.ts';

/** Compares the runs that are ticked; without any, the run at hand. A single one is asked for company. */
export default action({
  id: 'compare',
  group: 'Run',
  order: 8,
  title: 'Compare with other runs',
  shortcuts: ['C'],
  label: ({ router, compared }) =>
    router.current.screen === 'runs' && compared.length > 1 ? `Compare ${compared.length} runs` : 'Compare with other runs',
  when: ({ router, target, compared }) => target !== null || (router.current.screen === 'runs' && compared.length > 0),
  perform: (workbench) => {
    const { router, target, compared } = workbench;
    const withTarget = target && !compared.includes(target.id) ? [target.id, ...compared].slice(0, mostCompared) : compared;
    const runs = router.current.screen === 'runs' && compared.length > 0 ? compared : withTarget;
    router.go({ screen: 'compare', runs });
    if (runs.length === 1) workbench.dialog = 'add-runs';
  },
});
