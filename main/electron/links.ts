/** The one origin of the workbench's own pages. */
export const scheme = 'lotka';
export const pageUrl = `${scheme}://app/`;

export type LinkKind = 'own' | 'external' | 'refused';

/**
 * What may become of a URL that the page wants to go to: its own pages open in the window, web pages in the user's browser,
 * everything else is refused.
 */
export function classifyLink(url: string): LinkKind {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return 'refused';
  }
  if (parsed.username || parsed.password) return 'refused';
  if (parsed.protocol === `${scheme}:`) return parsed.host === 'app' ? 'own' : 'refused';
  return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? 'external' : 'refused';
}

/** Whether the page may load this at all. Everything it needs is its own; `blob:` and `data:` are made in the page. */
export function requestAllowed(url: string): boolean {
  if (/^(data|devtools):/.test(url)) return true;
  if (url.startsWith('blob:')) return url.startsWith(`blob:${pageUrl}`);
  return classifyLink(url) === 'own';
}
