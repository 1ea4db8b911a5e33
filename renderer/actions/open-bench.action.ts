import { action } from './action.ts';

export default action({
  id: 'open-bench',
  group: 'Go to',
  order: 7,
  title: 'Benchmark',
  perform: ({ router }) => router.go({ screen: 'bench' }),
});
