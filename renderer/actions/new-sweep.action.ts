import { trainedExperiments } from '#app/experiments/registry.ts';
import { action } from './action.ts';

/** A sweep like the open one; without one, of the experiment whose form is open, else of the first. */
export default action({
  id: 'new-sweep',
  group: 'Sweep',
  order: 1,
  title: 'New sweep',
  shortcuts: ['N'],
  label: ({ sweep }) => (sweep ? 'New sweep like this one' : 'New sweep'),
  perform: (workbench) => {
    const { sweep, draft, router } = workbench;
    if (sweep) workbench.rememberSweep({ ...sweep.record.definition, name: '' }, sweep.record.place);
    const shown = draft?.experiment.imported ? null : draft;
    const experiment = sweep?.experiment ?? shown?.experiment ?? trainedExperiments[0];
    if (experiment) router.go({ screen: 'new-sweep', experiment: experiment.id, preset: sweep ? null : (shown?.preset ?? null) });
  },
});
