/** A redis-server on a private port of this machine, with a password or TLS where a test wants them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon, freePort } from './daemons.ts';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** File with the certificate that a client has to trust, with TLS. */
  readonly certificate: string;
  /** Ends it as kill -9 does, with all it had in memory. */
  kill(): Promise<void>;
  /** Starts it again, on the same port, with nothing in it. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRedis({ password, tls = false }: { password?: string; tls?: boolean } = {}): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'lotka-redis-'));
  const port = await freePort();
  const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => join(folder, name)) as [string, string];
  if (tls) makeCertificate(key, certificate);
  const secured = [
    '--port',
    '0',
    '--tls-port',
    String(port),
    '--tls-cert-file',
    certificate,
    '--tls-key-file',
    key,
    '--tls-auth-clients',
    'no',
  ];
  const listening = tls ? secured : ['--port', String(port)];
  const args = [
    ...listening,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
    ...(password ? ['--requirepass', password] : []),
  ];
  let daemon: Daemon;
  const start = async (): Promise<void> => {
    daemon = new Daemon('redis-server', args);
    await daemon.until(() => answers(port));
  };
  await start();
  return {
    url: `${tls ? 'rediss' : 'redis'}://127.0.0.1:${port}`,
    port,
    certificate,
    start,
    kill: () => daemon.stop('SIGKILL'),
    async stop() {
      await daemon.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** Signed by itself, for 127.0.0.1. */
function makeCertificate(key: string, certificate: string): void {
  const subject = ['-subj', '/CN=lotka-test', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate, ...subject],
    {
      stdio: 'ignore',
    },
  );
}
