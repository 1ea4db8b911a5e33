import { action } from './action.ts';

export default action({
  id: 'search',
  group: 'Go to',
  order: 5,
  title: 'Search runs',
  shortcuts: ['/'],
  perform: (workbench) => {
    workbench.router.go({ screen: 'runs' });
    workbench.searches++;
  },
});
