import { defineConfig } from 'playwright/test';
import type { HostOptions } from './workbench.ts';

/** The same specs in both shells; the packaged app has its own. One at a time: training takes every core there is. */
export default defineConfig<HostOptions>({
  testDir: '.',
  // The tests of bench/ are vitest's.
  testMatch: '*.spec.ts',
  outputDir: '../test-results/artifacts',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['json']],
  projects: [
    { name: 'electron', testIgnore: ['packaged.spec.ts', '*.served.spec.ts'], use: { host: 'electron' } },
    { name: 'served', testIgnore: ['packaged.spec.ts', '*.electron.spec.ts'], use: { host: 'served' } },
    { name: 'packaged', testMatch: 'packaged.spec.ts', use: { host: 'packaged' } },
  ],
});
