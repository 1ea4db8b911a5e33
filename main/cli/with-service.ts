import { connect } from '#app/protocol/client.ts';
import { contract, type Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { serve } from '#app/protocol/server.ts';
import { memoryWires } from '#app/protocol/wires.ts';
import { createService } from '#main/service/service.ts';
import { storeLocation } from '#main/store/location.ts';
import { Store } from '#main/store/store.ts';
import { tell } from './output.ts';

/**
 * Runs a command against a service in this process, and closes it whatever happens.
 * @param options `readOnly` for commands that only look: they work beside an open workbench; `store`: folder of another store
 */
export async function withService<T>(
  command: (client: Client<Contract>) => Promise<T>,
  { readOnly, store = storeLocation() }: { readOnly?: boolean; store?: string } = {},
): Promise<T> {
  const service = await createService({ host: 'cli', store: Store.open(store, { readOnly }) });
  const [near, far] = memoryWires();
  serve(far, contract, service.handlers, {
    onFault: (error, name) => tell(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  const client = connect(near, contract);
  try {
    return await command(client);
  } finally {
    await service.close();
    client.close();
  }
}

/**
 * Calls `stop` at the first Ctrl-C or SIGTERM; a second one ends the process at once.
 * @returns Removes the listeners.
 */
export function onInterrupt(stop: () => void): () => void {
  let asked = false;
  const listener = (): void => {
    if (asked) process.exit(130);
    asked = true;
    stop();
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return () => {
    process.off('SIGINT', listener);
    process.off('SIGTERM', listener);
  };
}
