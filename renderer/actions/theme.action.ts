import { action } from './action.ts';

export default action({
  id: 'theme',
  group: 'Window',
  order: 3,
  title: 'Switch between light and dark',
  shortcuts: ['T'],
  perform: ({ settings }) => settings.change({ theme: settings.theme === 'dark' ? 'light' : 'dark' }),
});
