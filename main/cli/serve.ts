import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { serveWorkbench } from '#main/serve/serve.ts';
import { createService } from '#main/service/service.ts';
import { wholeNumber } from './arguments.ts';
import { print, tell } from './output.ts';
import { onInterrupt } from './with-service.ts';

/** `lotka serve` and `lotka open`: the workbench for a browser of this machine. */
export function addServeCommands(program: Command): void {
  const serving = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .addOption(new Option('--port <port>', 'port on 127.0.0.1; a free one unless told').argParser(wholeNumber(0, 65_535)).default(0))
      .option('--no-open', 'do not open a browser');

  serving('serve', 'serve the workbench to a browser on this machine')
    .option('--kiosk [pace]', 'for visitors: guided tours in a loop, without training; 2 goes on twice as fast')
    .action((options: ServeOptions) => serveUntilInterrupted(options));

  serving('open', 'serve the workbench with a .lotka file open in it; npm start -- open shows it in the window where there is a display')
    .argument('<file>', 'a .lotka file')
    .action((file: string, options: ServeOptions) => serveUntilInterrupted(options, file));
}

interface ServeOptions {
  readonly port: number;
  /** Whether a browser is opened. */
  readonly open: boolean;
  /** For visitors: guided tours in a loop, and their pace if it was told. */
  readonly kiosk?: true | string;
}

/**
 * Serves the workbench until Ctrl-C, then saves every run.
 * @param file path of a .lotka file that is open in it, and shown first
 * @throws LotkaError with a sentence if the file cannot be opened.
 */
async function serveUntilInterrupted({ port, open, kiosk }: ServeOptions, file?: string): Promise<void> {
  const service = await createService({ host: 'served' });
  try {
    const archive =
      file === undefined
        ? null
        : await service.handlers['archives.open']({ path: resolve(file) }, { signal: new AbortController().signal });
    const served = await serveWorkbench({
      handlers: service.handlers,
      port,
      onFault: (error, name) => tell(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    });
    const query = kiosk === undefined ? '' : `?${new URLSearchParams({ kiosk: kiosk === true ? '' : kiosk })}`;
    const then = archive ? `&${new URLSearchParams({ then: `/file/${archive.id}` })}` : '';
    const address = (): string => `${served.address().replace('/#', `/${query}#`)}${then}`;
    print(`Lotka is at ${address()}`);
    tell('The address lets one browser in, once; Enter prints a new one, Ctrl-C ends Lotka.');
    process.stdin.on('data', () => print(`Lotka is at ${address()}`));
    if (open && canOpen()) openBrowser(address());

    await new Promise<void>((done) => onInterrupt(done));
    process.stdin.pause();
    tell('Saving runs.');
    await served.close();
  } finally {
    await service.close();
  }
}

const canOpen = (): boolean => process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** Opens the user's browser; where there is none the printed address does. */
function openBrowser(address: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? // The shell of Windows takes a bare & for the end of a command.
          ['cmd', '/c', 'start', '', address.replaceAll('&', '^&')]
        : ['xdg-open', address];
  const opener = spawn(command!, args, { stdio: 'ignore', detached: true });
  opener.on('error', () => tell('No browser could be opened; open the address above.'));
  opener.unref();
}
