import { expect, test } from './workbench.ts';

test('the page has no way to Node, to devices, or to other places', async ({ workbench }) => {
  const { page } = workbench;
  const globals = await page.evaluate(() => ['require', 'process', 'module', 'Buffer', '__dirname'].filter((name) => name in window));
  expect(globals).toEqual([]);

  const permissions = await page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'] as PermissionName[];
    return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name })).state));
  });
  expect(permissions).not.toContain('granted');

  const answered = await page.evaluate(async () => {
    const urls = [
      'https://example.org/',
      'file:///etc/passwd',
      '/../../package.json',
      '/%2e%2e/%2e%2e/package.json',
      '/..%2f..%2fpackage.json',
    ];
    const ok = await Promise.all(
      urls.map((url) =>
        fetch(url).then(
          (answer) => answer.ok,
          () => false,
        ),
      ),
    );
    return urls.filter((_url, index) => ok[index]);
  });
  expect(answered).toEqual([]);
});

test('code that is not its own does not run', async ({ workbench }) => {
  const ran = await workbench.page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'window.intruder = true';
    document.head.append(script);
    // In a task of the page's own, because what Playwright evaluates may evaluate.
    const evaluated = await new Promise<boolean>((resolve) =>
      setTimeout(() => {
        try {
          resolve(Boolean(new Function('return true')()));
        } catch {
          resolve(false);
        }
      }),
    );
    return [evaluated, 'intruder' in window];
  });
  expect(ran).toEqual([false, false]);
  await expect.poll(() => workbench.complaints.filter((text) => text.startsWith('policy: script-src')).length).toBeGreaterThan(0);
});

test('answers carry the strict headers', async ({ workbench }) => {
  const headers = await workbench.page.evaluate(async () => Object.fromEntries((await fetch('/')).headers));
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['content-security-policy']).not.toContain("'unsafe-eval'");
  expect(headers).toMatchObject({
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
});
