import { savable } from '#renderer/state/savable.ts';
import { action } from './action.ts';

export default action({
  id: 'save-file',
  group: 'Run',
  order: 10,
  title: 'Save as a .lotka file',
  label: (workbench) => `Save ${savable(workbench)?.what ?? 'it'} as a .lotka file`,
  shortcuts: ['Mod+S'],
  when: (workbench) => savable(workbench) !== null,
  perform: async (workbench) => {
    const chosen = savable(workbench);
    if (chosen) await workbench.archives.save(chosen.wanted);
  },
});
