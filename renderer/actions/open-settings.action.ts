import { action } from './action.ts';

export default action({
  id: 'open-settings',
  group: 'Go to',
  order: 4,
  title: 'Settings',
  shortcuts: ['3', 'Mod+,'],
  perform: ({ router }) => router.go({ screen: 'settings' }),
});
