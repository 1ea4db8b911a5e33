import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const noElectron = {
  'no-restricted-imports': [
    'error',
    { paths: [{ name: 'electron', message: 'Only main/electron may import electron: it downloads a binary when imported elsewhere.' }] },
  ],
};

export default ts.config(
  { ignores: ['dist', 'node_modules', 'release', 'app/engine/kernels/assembly', 'e2e/bench/peak/assembly'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
      eqeqeq: 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
    },
  },
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser } } },
  {
    files: ['app/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', 'window', 'document', 'process', 'Buffer', 'performance', 'setTimeout', 'fetch'],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Randomness is an argument: app/numerics/random.' },
        { object: 'Date', property: 'now', message: 'app/ has no clock; take time as an argument.' },
      ],
    },
  },
  // State is replaced, never mutated ($state.raw), so that what arrives 30 times a second passes no proxy.
  { files: ['renderer/state/**'], rules: { 'svelte/prefer-svelte-reactivity': 'off' } },
  { files: ['renderer/**'], languageOptions: { globals: globals.browser } },
  {
    files: ['main/**', 'setup/**', 'e2e/**', '*.config.*', '*.cjs', '**/*.test.ts', 'app/engine/kernels/*.mjs'],
    languageOptions: { globals: globals.node },
  },
  { files: ['app/**', 'renderer/**', 'main/!(electron)/**', 'setup/**'], rules: noElectron },
  { files: ['setup/**', 'main/cli/**', 'e2e/**', '.ci/**'], rules: { 'no-console': 'off' } },
);
