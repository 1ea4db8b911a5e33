import { sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolvePage } from './resolve.ts';

const folder = '/srv/lotka/renderer';

describe('resolvePage', () => {
  it('answers the page and its parts', () => {
    expect(resolvePage(folder, '/')).toEqual({ path: `${folder}/index.html`, mediaType: 'text/html; charset=utf-8' });
    expect(resolvePage(folder, '/assets/index-1.js?v=2#x')?.path).toBe(`${folder}/assets/index-1.js`);
    expect(resolvePage(folder, '/a%20b.svg')?.path).toBe(`${folder}/a b.svg`);
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../renderer-evil/x.js',
    '/..\\x.js',
    '/%5c..%5cx.js',
    '//etc/passwd',
    '/a%00.js',
    '/%E0%A4%A',
    'index.html',
    '',
    '/.',
    '/notes.exe',
  ])('refuses %s', (path) => {
    expect(resolvePage(folder, path)).toBeNull();
  });

  it('never leaves the folder', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '%2e%2e', '%2E.', '\\', '%5c', '', 'a', 'x.js', '~', 'c:', '%00'), fc.string());
    fc.assert(
      fc.property(fc.array(part), fc.constantFrom('/', '%2f', '\\'), (parts, separator) => {
        const page = resolvePage(folder, `/${parts.join(separator)}`);
        expect(page === null || page.path.startsWith(folder + sep)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
