import { connect } from '#app/protocol/client.ts';
import { contract } from '#app/protocol/contract.ts';
import { portWire } from '#app/protocol/wires.ts';
import type { Connection } from './connection.svelte.ts';

/** What the preload script puts on the window. */
export interface LotkaBridge {
  readonly host: 'electron';
  pathForFile(file: File): string;
  showMenu(menus: readonly { readonly label: string; readonly submenu: readonly object[] }[]): void;
}

export const bridge = (): LotkaBridge | undefined => (window as { lotka?: LotkaBridge }).lotka;

/** Takes every port the preload hands over: one at the start and one for each restart of the service. */
export function connectInElectron(connection: Connection): void {
  addEventListener('message', (event: MessageEvent<{ type?: unknown; state?: unknown } | null>) => {
    if (event.source !== window) return;
    const [port] = event.ports;
    if (event.data?.type === 'lotka-port' && port) connection.attach(connect(portWire(port), contract));
    // Electron's ports do not always tell that their other end died; the shell does.
    if (event.data?.type === 'lotka-service' && event.data.state === 'restarting') connection.lost();
  });
}

/** Calls `perform` with the id of every action that is chosen from the window's menu. @returns what ends that. */
export const onMenuAction = (perform: (id: string) => void): (() => void) => onShell('lotka-action', 'id', perform);

/** Calls `open` with the path of every file that the desktop asks Lotka to open. @returns what ends that. */
export const onFileAsked = (open: (path: string) => void): (() => void) => onShell('lotka-file', 'path', open);

function onShell(type: string, field: string, hear: (text: string) => void): () => void {
  const listen = ({ source, data }: MessageEvent<Record<string, unknown> | null>) => {
    const text = data?.[field];
    if (source === window && data?.type === type && typeof text === 'string') hear(text);
  };
  addEventListener('message', listen);
  return () => removeEventListener('message', listen);
}
