import { extname, resolve, sep } from 'node:path';

/** Media type by extension, for all that the build of the page contains. */
const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

export interface Page {
  /** Absolute path of the file. */
  readonly path: string;
  readonly mediaType: string;
}

/**
 * The file that answers a request for a page, or null when nothing may. Pure: it looks at names only; what it returns lies
 * strictly inside `folder` and has an extension that the build makes.
 * @param folder Absolute folder of the built page.
 * @param urlPath Path part of the URL, still percent-encoded, with or without query.
 */
export function resolvePage(folder: string, urlPath: string): Page | null {
  let name: string;
  try {
    name = decodeURIComponent(urlPath.replace(/[?#].*$/s, ''));
  } catch {
    return null;
  }
  if (!name.startsWith('/') || name.includes('\\') || name.includes('\0')) return null;
  if (name.split('/').some((part) => part === '..' || part === '.')) return null;
  const path = resolve(folder, `.${name === '/' ? '/index.html' : name}`);
  const root = resolve(folder);
  if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) return null;
  const mediaType = mediaTypes[extname(path).toLowerCase()];
  return mediaType ? { path, mediaType } : null;
}
