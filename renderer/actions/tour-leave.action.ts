import { action } from './action.ts';

export default action({
  id: 'tour-leave',
  group: 'Window',
  order: 22,
  title: 'Leave the tour',
  shortcuts: ['Escape'],
  when: ({ tour }) => tour.current !== null && !tour.kiosk,
  perform: ({ tour }) => tour.leave(),
});
