import type { Milliseconds } from '../../src/vocabulary.ts';
import type { Timers } from './timers.ts';

/** A server that says nothing for so long is given up, or a page would wait for ever. */
export const SILENT_MS: Milliseconds = 15_000;

/** How much of a file is there, in bytes as they are when they do not travel. */
export interface Fetched {
  readonly received: number;
  readonly total: number;
}

/**
 * A large file of the server's, with word of how far it is. How long it is the build says: what travels
 * compressed does not. Rejects with a few words of why: 'the server does not answer'.
 */
export async function fetchBytes(
  address: string,
  total: number,
  timers: Timers,
  tell: (fetched: Fetched) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const control = new AbortController();
  const giveUp = () => control.abort(new Error('the server fell silent'));
  let cancel = timers.after(SILENT_MS, giveUp);
  const bytes = new Uint8Array(total);
  let received = 0;
  const take = (part: Uint8Array): void => {
    if (received + part.length > total) throw new Error('the server has another version');
    bytes.set(part, received);
    received += part.length;
    cancel();
    cancel = timers.after(SILENT_MS, giveUp);
    tell({ received, total });
  };
  tell({ received, total });
  try {
    await read(address, control.signal, take);
  } catch (error) {
    control.abort();
    // So fetch says everything that is no answer.
    if (error instanceof TypeError) throw new Error('the server does not answer', { cause: error });
    throw error;
  } finally {
    cancel();
  }
  if (received < total) throw new Error('the server has another version');
  return bytes;
}

async function read(
  address: string,
  signal: AbortSignal,
  take: (part: Uint8Array) => void,
): Promise<void> {
  const response = await fetch(address, { signal });
  if (!response.ok || !response.body) throw new Error(`the server says ${response.status}`);
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) take(part.value);
}
