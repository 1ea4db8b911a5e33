import { download } from '#renderer/kit/download.ts';
import type { Workbench } from '#renderer/state/workbench.svelte.ts';

/** Saves the 3D picture of the screen as it is seen; trouble becomes a message. @param name without extension */
export async function saveSeen({ scene, toasts }: Workbench, name: string): Promise<void> {
  if (!scene) return;
  try {
    download(`${name}.png`, await scene.screenshot());
    toasts.show(`Saved ${name}.png.`);
  } catch (error) {
    toasts.fail(error);
  }
}
