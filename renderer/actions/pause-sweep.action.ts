import { canResume, isTraining } from '#renderer/state/sweeps.svelte.ts';
import { action } from './action.ts';

/** Of the open sweep, or the row chosen in the list. */
export default action({
  id: 'pause-sweep',
  group: 'Sweep',
  order: 2,
  title: 'Pause or resume the sweep',
  shortcuts: ['Shift+P'],
  label: ({ sweepTarget }) => (sweepTarget && canResume(sweepTarget) ? 'Resume the sweep' : 'Pause the sweep'),
  when: ({ sweepTarget, connected }) => connected && sweepTarget !== null && (isTraining(sweepTarget) || canResume(sweepTarget)),
  perform: ({ sweepTarget, sweeps }) => {
    if (sweepTarget) return sweeps.ask(isTraining(sweepTarget) ? 'sweeps.pause' : 'sweeps.resume', sweepTarget.id);
  },
});
