import { action } from './action.ts';

export default action({
  id: 'open-settings',
  group: 'Go to',
  order: 6,
  title: 'Settings',
  shortcuts: ['5', 'Mod+,'],
  perform: ({ router }) => router.go({ screen: 'settings' }),
});
