import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  resolve: { conditions: ['browser'] },
  test: {
    globalSetup: ['setup/vitest-kernels.ts'],
    setupFiles: ['setup/vitest-properties.ts'],
    testTimeout: 60_000,
    // Some build the worker's bundle first.
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['app/**/*.test.ts', 'main/**/*.test.ts', 'setup/**/*.test.ts', 'e2e/bench/**/*.test.ts'],
          exclude: ['**/*.{tensorflow,slurm,redis}.test.ts'],
        },
      },
      {
        extends: true,
        // What needs TensorFlow for Node: in child processes, since its native part is loaded once a process and may end it.
        test: { name: 'tensorflow', environment: 'node', pool: 'forks', include: ['main/**/*.tensorflow.test.ts'] },
      },
      // What needs Slurm's or Redis's own daemons, which the tests start and stop.
      ...['slurm', 'redis'].map((name) => ({
        extends: true as const,
        test: { name, environment: 'node', pool: 'forks' as const, include: [`main/**/*.${name}.test.ts`] },
      })),
      {
        extends: true,
        test: { name: 'renderer', environment: 'happy-dom', include: ['renderer/**/*.test.ts'] },
      },
    ],
  },
});
