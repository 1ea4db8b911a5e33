import { action } from './action.ts';

export default action({
  id: 'open-datasets',
  group: 'Go to',
  order: 5,
  title: 'Datasets',
  shortcuts: ['6'],
  perform: ({ router }) => router.go({ screen: 'datasets' }),
});
