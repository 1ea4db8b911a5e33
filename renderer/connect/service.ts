import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';

/** What screens and stores need of the training service; tests put a recorded one in its place. */
export type Service = Pick<Client<Contract>, 'call' | 'stream'>;
