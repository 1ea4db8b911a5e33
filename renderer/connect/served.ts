import { connect } from '#app/protocol/client.ts';
import { contract } from '#app/protocol/contract.ts';
import { socketWire, type Socket } from '#app/protocol/wires.ts';
import type { Connection } from './connection.svelte.ts';

const firstDelay = 150;
const longestDelay = 4000;
const failuresBeforeAsking = 3;

/**
 * The one-time token of `/#token=...`, taken out of the address so that it is neither bookmarked nor shown. The address may name
 * the screen to begin with: `&then=/run/ID`.
 * @param instead the fragment that takes its place otherwise
 */
export function takeToken(instead = '#/atlas'): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get('token');
  const then = fragment.get('then');
  if (token !== null) history.replaceState(null, '', `${location.pathname}${location.search}${then === null ? instead : `#${then}`}`);
  return token;
}

/** Exchanges the token for the session cookie. @returns a sentence if it was refused, or null. */
async function openSession(token: string): Promise<string | null> {
  const answer = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  return answer.ok ? null : (await answer.text()) || 'This address was used already; open the one that Lotka printed last.';
}

/** Opens the socket of the served workbench and opens it again, with growing pauses, whenever it is lost. */
export async function connectServed(connection: Connection, token: string | null): Promise<void> {
  acceptLaterTokens(connection);
  if (token !== null) {
    const refusal = await openSession(token).catch(() => null);
    if (refusal !== null) return connection.refuse(refusal);
  }
  const address = new URL('/socket', location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  let delay = firstDelay;
  let failures = 0;

  const open = (): void => {
    const socket = new WebSocket(address);
    socket.binaryType = 'arraybuffer';
    let wasOpen = false;
    socket.addEventListener('open', () => {
      wasOpen = true;
      failures = 0;
      delay = firstDelay;
      connection.attach(connect(socketWire(socket as Socket), contract));
    });
    socket.addEventListener('close', () => {
      if (wasOpen) connection.lost();
      else if (++failures >= failuresBeforeAsking) void explainRefusal(connection);
      setTimeout(open, delay);
      delay = Math.min(longestDelay, delay * 2);
    });
  };
  open();
}

/**
 * An address with a new token, opened in this very tab, changes only the fragment: the browser does not load the page again.
 * Must be listening before the router, which takes an unknown fragment for the Atlas.
 */
function acceptLaterTokens(connection: Connection): void {
  addEventListener('hashchange', (event) => {
    const token = takeToken(new URL(event.oldURL).hash);
    if (token === null) return;
    openSession(token).then(
      (refusal) => (refusal === null ? location.reload() : connection.refuse(refusal)),
      () => connection.refuse('Lotka does not answer at this address. Start it, then open the address that it prints.'),
    );
  });
}

/** A page that was never let in either lacks its cookie or has no service behind it; only the first needs a person. */
async function explainRefusal(connection: Connection): Promise<void> {
  const answers = await fetch('/', { method: 'HEAD' }).then(
    () => true,
    () => false,
  );
  if (answers)
    connection.refuse('This window has no session. Open the address that Lotka printed when it was last started; it carries the key.');
}
