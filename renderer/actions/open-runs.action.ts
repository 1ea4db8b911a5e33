import { action } from './action.ts';

export default action({
  id: 'open-runs',
  group: 'Go to',
  order: 2,
  title: 'Runs',
  shortcuts: ['2'],
  perform: ({ router }) => router.go({ screen: 'runs' }),
});
