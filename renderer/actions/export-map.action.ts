import { exportMap } from '#renderer/sweep/export-map.ts';
import { action } from './action.ts';

export default action({
  id: 'export-map',
  group: 'Sweep',
  order: 4,
  title: 'Export the map',
  shortcuts: ['Mod+Shift+E'],
  when: ({ sweep }) => sweep !== null,
  perform: (workbench) => {
    if (workbench.sweep) return exportMap(workbench, workbench.sweep, 'svg');
  },
});
