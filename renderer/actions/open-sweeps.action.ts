import { action } from './action.ts';

export default action({
  id: 'open-sweeps',
  group: 'Go to',
  order: 3,
  title: 'Sweeps',
  shortcuts: ['3'],
  perform: ({ router }) => router.go({ screen: 'sweeps' }),
});
