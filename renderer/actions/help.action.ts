import { action } from './action.ts';

export default action({
  id: 'help',
  group: 'Window',
  order: 2,
  title: 'Keyboard shortcuts',
  shortcuts: ['?'],
  perform: (workbench) => {
    workbench.dialog = workbench.dialog === 'help' ? null : 'help';
  },
});
