import { expect, it, vi } from 'vitest';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import { Connection } from './connection.svelte.ts';

function clientOf(answer: string): Client<Contract> & { lose(): void } {
  const service = new RecordedService({ 'settings.read': () => ({ answer }) });
  const listeners: (() => void)[] = [];
  return {
    call: service.call,
    stream: service.stream,
    onClose: (listener) => void listeners.push(listener),
    close: () => {},
    lose: () => listeners.forEach((listener) => listener()),
  };
}

it('lets calls wait for the first wire and for the next one', async () => {
  const connection = new Connection();
  const early = connection.call('settings.read', {});
  expect(connection.state).toBe('connecting');
  const first = clientOf('first');
  connection.attach(first);
  expect(await early).toEqual({ answer: 'first' });
  first.lose();
  expect(connection.state).toBe('restarting');
  const between = connection.call('settings.read', {});
  connection.attach(clientOf('second'));
  expect(await between).toEqual({ answer: 'second' });
  expect(connection.state).toBe('open');
});

it('does not mistake the end of an old wire for the loss of the new one', () => {
  const connection = new Connection();
  const first = clientOf('first');
  connection.attach(first);
  connection.attach(clientOf('second'));
  first.lose();
  expect(connection.state).toBe('open');
});

it('gives up with a sentence', async () => {
  vi.useFakeTimers();
  const connection = new Connection();
  const waiting = expect(connection.call('settings.read', {})).rejects.toMatchObject({ code: 'unavailable' });
  await vi.advanceTimersByTimeAsync(30_000);
  await waiting;
  connection.refuse('This address was used already.');
  await expect(connection.call('settings.read', {})).rejects.toThrow('used already');
  vi.useRealTimers();
});
