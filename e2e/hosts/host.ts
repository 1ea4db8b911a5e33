import type { Page } from 'playwright/test';

export type HostName = 'electron' | 'packaged' | 'served';

/** A shell that shows the workbench. */
export interface Host {
  readonly page: Page;
  /** Loads the page anew and waits until it is connected to the service. */
  reload(): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  download(trigger: () => Promise<void>): Promise<{ name: string; bytes: Buffer }>;
  /** Kills the process that holds the service, as kill -9 does, and resolves when the page is connected again. */
  killService(): Promise<void>;
  close(): Promise<void>;
}

/** Chromium's switches for the same picture on every machine; see `graphics.ts` for why software. */
export const softwareGraphics = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
