import { openFromDisk } from '#renderer/state/exported.ts';
import { action } from './action.ts';

export default action({
  id: 'open-file',
  group: 'Window',
  order: 0,
  title: 'Open a file of runs, or an exported figure',
  shortcuts: ['Mod+O'],
  perform: openFromDisk,
});
