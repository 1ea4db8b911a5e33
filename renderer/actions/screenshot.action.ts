import { download } from '#renderer/kit/download.ts';
import { action } from './action.ts';

export default action({
  id: 'screenshot',
  group: 'Picture',
  order: 3,
  title: 'Save the picture as PNG',
  shortcuts: ['Mod+Shift+S'],
  when: ({ scene, run }) => scene !== null && run !== null,
  perform: async ({ scene, run, toasts }) => {
    if (!scene || !run) return;
    const name = `${run.id}-step-${run.cursor.step}.png`;
    download(name, await scene.screenshot());
    toasts.show(`Saved ${name}.`);
  },
});
