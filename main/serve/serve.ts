/** The workbench for a browser on this machine: static pages and one WebSocket, on 127.0.0.1 and nowhere else. */
import { once } from 'node:events';
import { createReadStream, existsSync, realpathSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, sep } from 'node:path';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { contract, type Contract } from '#app/protocol/contract.ts';
import type { Handlers } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { serve } from '#app/protocol/server.ts';
import { socketWire, type Socket } from '#app/protocol/wires.ts';
import { securityHeaders } from '#main/pages/headers.ts';
import { resolvePage } from '#main/pages/resolve.ts';
import { packageRoot } from '#main/paths.ts';
import { Access, cookieOf, hostAllowed, originAllowed } from './access.ts';

/** A message larger than this is no message of the workbench. */
const largestMessage = 16 * 1024 * 1024;
const largestSessionRequest = 1024;
/** Windows that may be connected at once. */
const mostClients = 16;

export interface ServeOptions {
  readonly handlers: Handlers<Contract>;
  /** 0 takes a free one. */
  readonly port: number;
  /** Folder of the built page. */
  readonly pages?: string;
  readonly onFault?: (error: unknown, name: string) => void;
}

export interface Served {
  readonly port: number;
  /** Address with a token of its own; each lets one browser in, once. */
  address(): string;
  close(): Promise<void>;
}

/**
 * Serves the workbench. A page exchanges the token of its address for a session cookie (`POST /session`) and connects
 * to `/socket` with it.
 * @throws LotkaError `unavailable` if the page is not built, `conflict` if the port cannot be had.
 */
export async function serveWorkbench(options: ServeOptions): Promise<Served> {
  const pages = options.pages ?? join(packageRoot(), 'dist', 'renderer');
  if (!existsSync(join(pages, 'index.html')))
    throw new LotkaError('unavailable', `The screen is not built: ${join(pages, 'index.html')} is missing; run npm run build.`);
  const access = new Access();
  const server = createServer((request, response) => void answer(request, response));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage, perMessageDeflate: false });
  server.on('upgrade', upgrade);

  try {
    server.listen(options.port, '127.0.0.1');
    await once(server, 'listening');
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'is taken' : 'cannot be opened';
    throw new LotkaError('conflict', `Port ${options.port} of this machine ${why}; choose another with --port, or leave it out.`, {
      cause,
    });
  }
  const { port } = server.address() as AddressInfo;
  const cookieName = `lotka-session-${port}`;
  const sessionOf = (request: IncomingMessage): string | null => cookieOf(request.headers.cookie, cookieName);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    const path = (request.url ?? '/').replace(/[?#].*$/s, '');
    if (!hostAllowed(request.headers.host, port)) refuse(response, 403, 'Lotka answers on 127.0.0.1 only.');
    else if (path === '/session') await answerSession(request, response);
    else if (request.method === 'GET' || request.method === 'HEAD') answerPage(request, response, path);
    else refuse(response, 405, 'There is nothing to send here.');
  }

  async function answerSession(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const allowed = request.method === 'POST' && originAllowed(request.headers.origin, request.headers.host, port);
    const token = allowed ? await readToken(request) : null;
    if (token === null) return refuse(response, 403, 'This request does not come from the workbench.');
    if (!access.hasSession(sessionOf(request))) {
      const session = access.exchange(token);
      if (session === null) return refuse(response, 403, 'This address was used already; open the one that Lotka printed last.');
      response.setHeader('Set-Cookie', `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`);
    }
    response.setHeader('Cache-Control', 'no-store');
    response.writeHead(204).end();
  }

  function answerPage(request: IncomingMessage, response: ServerResponse, path: string): void {
    const page = resolvePage(pages, path);
    if (!page || !isFileWithin(pages, page.path)) return refuse(response, 404, 'There is no such page.');
    response.setHeader('Content-Type', page.mediaType);
    // Built files carry a hash of their content in their names; the page itself does not.
    response.setHeader('Cache-Control', path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store');
    response.setHeader('Content-Length', statSync(page.path).size);
    if (request.method === 'HEAD') response.end();
    else
      createReadStream(page.path)
        .on('error', () => response.destroy())
        .pipe(response);
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const { host, origin } = request.headers;
    const allowed = request.url === '/socket' && originAllowed(origin, host, port) && access.hasSession(sessionOf(request));
    if (!allowed) return void socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    if (sockets.clients.size >= mostClients)
      return void socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (client) => {
      serve(socketWire(client as unknown as Socket), contract, options.handlers, { onFault: options.onFault });
    });
  }

  return {
    port,
    address: () => `http://127.0.0.1:${port}/#token=${access.issueToken()}`,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.writeHead(status).end(`${sentence}\n`);
}

/** `resolvePage` looks at names; this one follows links, so that none leads out of the folder. */
function isFileWithin(folder: string, path: string): boolean {
  try {
    const real = realpathSync(path);
    return real.startsWith(realpathSync(folder) + sep) && statSync(real).isFile();
  } catch {
    return false;
  }
}

async function readToken(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > largestSessionRequest) return null;
      chunks.push(chunk);
    }
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { token?: unknown } | null;
    return typeof body?.token === 'string' ? body.token : null;
  } catch {
    return null;
  }
}
