import { bytes } from '#app/experiments/cost.ts';
import { print, printJson } from './output.ts';
import { withService } from './with-service.ts';

/** `lotka backends`: works beside an open workbench. */
export async function showBackends(json: boolean): Promise<void> {
  const { backends, chosen, bytesPerRun } = await withService((client) => client.call('engine.backends', {}), { readOnly: true });
  if (json) {
    printJson({ backends, chosen, bytesPerRun });
    return;
  }
  for (const { name, state, build, why } of backends) {
    const mark = name === chosen ? '*' : ' ';
    print(`${mark} ${name.padEnd(14)} ${state.padEnd(8)} ${build === null ? why : `${build}: ${why}`}`);
  }
  print(`* computes a run unless --backend says otherwise. A run may take ${bytes(bytesPerRun)} of memory.`);
}
