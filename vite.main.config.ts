import { defineConfig } from 'vite';

/** Everything that runs in Node: one file an entry, side by side in dist/main; natives, electron, and what finds its own files stay outside. */
export default defineConfig({
  ssr: {
    noExternal: true,
    external: ['electron', 'libsql', '@resvg/resvg-js', 'subset-font', '@libav.js/variant-webm-vp9', 'bullmq', 'ioredis'],
  },
  build: {
    ssr: true,
    outDir: 'dist/main',
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: {
        electron: 'main/electron/main.ts',
        'service-process': 'main/electron/service-process.ts',
        'engine-worker': 'main/workers/engine-worker.ts',
        'engine-process': 'main/workers/engine-process.ts',
        'dataset-reader': 'main/datasets/reader-worker.ts',
        'film-worker': 'main/films/film-worker.ts',
        'import-reader': 'main/imports/reader-worker.ts',
        cli: 'main/cli/cli.ts',
        bench: 'e2e/bench/bench.ts',
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});
