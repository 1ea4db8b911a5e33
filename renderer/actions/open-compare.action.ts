import { action } from './action.ts';

export default action({
  id: 'open-compare',
  group: 'Go to',
  order: 4,
  title: 'Compare',
  shortcuts: ['4'],
  perform: ({ router, compared }) => router.go({ screen: 'compare', runs: compared }),
});
