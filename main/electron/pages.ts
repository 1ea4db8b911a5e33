import { readFile } from 'node:fs/promises';
import type { Session } from 'electron';
import { securityHeaders } from '#main/pages/headers.ts';
import { resolvePage } from '#main/pages/resolve.ts';
import { scheme } from './links.ts';
import { troublePage, troublePath } from './trouble.ts';

/** Answers `lotka://app/...` from the folder of the built page. */
export function servePages(session: Session, folder: string): void {
  session.protocol.handle(scheme, async (request) => {
    const url = new URL(request.url);
    if (url.host !== 'app' || (request.method !== 'GET' && request.method !== 'HEAD'))
      return answer(403, 'text/plain', 'Lotka serves only its own pages.');
    if (url.pathname === troublePath)
      return answer(200, 'text/html; charset=utf-8', troublePage(url.searchParams.get('sentence') ?? 'The reason is not known.'));
    const page = resolvePage(folder, url.pathname);
    if (!page) return answer(404, 'text/plain', 'There is no such page.');
    try {
      return answer(200, page.mediaType, await readFile(page.path));
    } catch {
      return answer(404, 'text/plain', 'There is no such page.');
    }
  });
}

function answer(status: number, mediaType: string, body: string | Buffer): Response {
  return new Response(typeof body === 'string' ? body : new Uint8Array(body), {
    status,
    headers: { ...securityHeaders, 'Content-Type': mediaType },
  });
}
