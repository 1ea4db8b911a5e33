import { action } from './action.ts';

export default action({
  id: 'palette',
  group: 'Window',
  order: 1,
  title: 'Find a command',
  shortcuts: ['Mod+K'],
  perform: (workbench) => {
    workbench.dialog = workbench.dialog === 'palette' ? null : 'palette';
  },
});
