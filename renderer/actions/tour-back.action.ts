import { action } from './action.ts';

export default action({
  id: 'tour-back',
  group: 'Window',
  order: 21,
  title: 'Back a step of the tour',
  shortcuts: ['PageUp'],
  when: ({ tour }) => tour.current !== null,
  perform: ({ tour }) => tour.back(),
});
