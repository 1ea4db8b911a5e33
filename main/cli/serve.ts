import { spawn } from 'node:child_process';
import { serveWorkbench } from '#main/serve/serve.ts';
import { createService } from '#main/service/service.ts';
import { print, tell } from './output.ts';
import { onInterrupt } from './with-service.ts';

/** Serves the workbench until Ctrl-C, then saves every run. @param kiosk for visitors: guided tours in a loop */
export async function serveUntilInterrupted(port: number, open: boolean, kiosk: boolean): Promise<void> {
  const service = await createService({ host: 'served' });
  const served = await serveWorkbench({
    handlers: service.handlers,
    port,
    onFault: (error, name) => tell(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  }).catch(async (error: unknown) => {
    await service.close();
    throw error;
  });
  const address = (): string => (kiosk ? served.address().replace('/#', '/?kiosk#') : served.address());
  print(`Lotka is at ${address()}`);
  tell('The address lets one browser in, once; Enter prints a new one, Ctrl-C ends Lotka.');
  process.stdin.on('data', () => print(`Lotka is at ${address()}`));
  if (open && canOpen()) openBrowser(address());

  await new Promise<void>((resolve) => onInterrupt(resolve));
  process.stdin.pause();
  tell('Saving runs.');
  await served.close();
  await service.close();
}

const canOpen = (): boolean => process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** Opens the user's browser; where there is none the printed address does. */
function openBrowser(address: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', address]
        : ['xdg-open', address];
  const opener = spawn(command!, args, { stdio: 'ignore', detached: true });
  opener.on('error', () => tell('No browser could be opened; open the address above.'));
  opener.unref();
}
