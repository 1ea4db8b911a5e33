import { action } from './action.ts';

export default action({
  id: 'open-import',
  group: 'Go to',
  order: 8,
  title: 'Import a training',
  shortcuts: ['I'],
  perform: ({ router }) => router.go({ screen: 'import' }),
});
