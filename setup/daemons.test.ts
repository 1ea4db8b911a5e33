import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { absentPrograms } from './daemons.mjs';
import { aptRefusal } from './debian.mjs';

it('knows which programs no folder of the path has', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotka-path-'));
  writeFileSync(join(folder, 'here'), '');
  expect(absentPrograms(['here', 'there'], ['', join(folder, 'none'), folder].join(delimiter))).toEqual(['there']);
  expect(absentPrograms(['here'], '')).toEqual(['here']);
  rmSync(folder, { recursive: true });
});

it('says in a sentence why apt-get could not install packages', () => {
  const unknown = 'E: Unable to locate package slurmd\nE: Unable to locate package munge\n';
  const packages = ['slurmd', 'munge'];
  // apt-get update ends with 0 when it reaches no mirror at all.
  const unreached = `Ign:1 http://deb.debian.org/debian bookworm InRelease
W: Failed to fetch http://deb.debian.org/debian/dists/bookworm/InRelease  Temporary failure resolving 'deb.debian.org'
W: Some index files failed to download. They have been ignored, or old ones used instead.`;
  expect(aptRefusal(packages, { code: 0, output: unreached }, { code: 100, output: unknown })).toBe(
    "apt-get cannot reach the mirrors of Debian's packages (Temporary failure resolving 'deb.debian.org'), so slurmd munge are missing: mend the network or /etc/apt/sources.list, or install them yourself.",
  );
  const fetching =
    'E: Failed to fetch http://deb.debian.org/debian/pool/main/m/munge/munge_1_amd64.deb  Could not connect to deb.debian.org:80 (1.2.3.4).\nE: Unable to fetch some archives';
  expect(aptRefusal(['munge'], { code: 0, output: '' }, { code: 100, output: fetching })).toMatch(
    /^apt-get cannot reach the mirrors of Debian's packages \(Could not connect to deb\.debian\.org:80 \(1\.2\.3\.4\)\), so munge is missing: /,
  );
  expect(aptRefusal(packages, { code: 0, output: 'Reading package lists...' }, { code: 100, output: unknown })).toBe(
    'apt-get could not install slurmd munge: Unable to locate package slurmd; Unable to locate package munge.',
  );
  expect(aptRefusal(['munge'], { code: 0, output: '' }, { code: 7, output: '' })).toBe(
    'apt-get could not install munge: it ended with exit code 7.',
  );
});
