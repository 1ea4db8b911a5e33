import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base, type Page } from 'playwright/test';
import { launchElectron } from './hosts/electron.ts';
import { launchServed } from './hosts/served.ts';
import type { Host, HostName } from './hosts/host.ts';

export interface HostOptions {
  host: HostName;
}

/** The workbench on a store of its own, in whichever shell the project names. */
export class Workbench {
  /** What went wrong in the page since the store was made: errors, failed loads, breaches of the content security policy. */
  readonly complaints: string[] = [];
  /** URLs the page asked for. */
  readonly requests: string[] = [];
  #host: Host | null = null;

  constructor(
    readonly hostName: HostName,
    readonly store: string,
  ) {}

  get isOpen(): boolean {
    return this.#host !== null;
  }

  get host(): Host {
    if (!this.#host) throw new Error('the workbench is closed');
    return this.#host;
  }

  get page(): Page {
    return this.host.page;
  }

  /** Opens it, and loads the page once more so that everything it does is seen from the first line on. */
  async open(): Promise<void> {
    this.#host = this.hostName === 'served' ? await launchServed(this.store) : await launchElectron(this.store, this.hostName);
    await this.#listen();
    await this.host.reload();
  }

  async close(): Promise<void> {
    const host = this.#host;
    this.#host = null;
    await host?.close();
  }

  /** Ends the whole program in good order and starts it again on the same store. */
  async restart(): Promise<void> {
    await this.close();
    await this.open();
  }

  async resize(width: number, height: number): Promise<void> {
    await this.host.resize(width, height);
    await expect.poll(() => this.page.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height]);
  }

  /** Kills the service, as `Host.killService`; that the page's calls to it fail meanwhile is no complaint. */
  async killService(): Promise<void> {
    const before = this.complaints.length;
    await this.host.killService();
    const since = this.complaints.splice(before);
    this.complaints.push(...since.filter((text) => !/WebSocket connection|net::ERR_(CONNECTION|SOCKET|EMPTY)/.test(text)));
  }

  /** Runs something that ends in a download, and gives what was downloaded. */
  download(trigger: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
    return this.host.download(trigger);
  }

  async #listen(): Promise<void> {
    const { page } = this;
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(`thrown: ${error.message}`));
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? '';
      if (reason !== 'net::ERR_ABORTED') this.complaints.push(`request: ${request.url()} ${reason}`);
    });
    page.on('request', (request) => this.requests.push(request.url()));
    await page.exposeBinding('noteViolation', (_source, text: string) => void this.complaints.push(`policy: ${text}`));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
        void (window as unknown as { noteViolation(text: string): Promise<void> }).noteViolation(`${violatedDirective} ${blockedURI}`);
      });
    });
  }
}

export const test = base.extend<HostOptions & { store: string; workbench: Workbench }>({
  host: ['electron', { option: true }],

  // Playwright takes the names of needed fixtures from the parameter's pattern.
  // eslint-disable-next-line no-empty-pattern
  store: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'lotka-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  },

  workbench: async ({ host, store }, use, info) => {
    const workbench = new Workbench(host, store);
    await workbench.open();
    await use(workbench);
    if (info.status !== info.expectedStatus && workbench.isOpen) {
      await workbench.page.screenshot({ path: info.outputPath('at-failure.png'), timeout: 5_000 }).catch(() => undefined);
      await info.attach('complaints', { body: workbench.complaints.join('\n') || 'none' });
    }
    await workbench.close();
  },
});

export { expect };
