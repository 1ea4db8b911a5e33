import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { absentPrograms } from './daemons.mjs';

it('knows which programs no folder of the path has', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotka-path-'));
  writeFileSync(join(folder, 'here'), '');
  expect(absentPrograms(['here', 'there'], ['', join(folder, 'none'), folder].join(delimiter))).toEqual(['there']);
  expect(absentPrograms(['here'], '')).toEqual(['here']);
  rmSync(folder, { recursive: true });
});
