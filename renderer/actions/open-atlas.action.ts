import { action } from './action.ts';

export default action({
  id: 'open-atlas',
  group: 'Go to',
  order: 1,
  title: 'Atlas',
  shortcuts: ['1'],
  perform: ({ router }) => router.go({ screen: 'atlas' }),
});
