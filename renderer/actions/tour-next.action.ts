import { action } from './action.ts';

export default action({
  id: 'tour-next',
  group: 'Window',
  order: 20,
  title: 'Next step of the tour',
  shortcuts: ['PageDown'],
  when: ({ tour }) => tour.current !== null,
  perform: ({ tour }) => tour.next(),
});
