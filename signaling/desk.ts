import { REFUSALS, type RefusalCode } from '../src/wire/refusals.ts';
import type { IceAdvice, Refusal } from '../src/wire/signaling-messages.ts';
import type { Milliseconds } from '../src/vocabulary.ts';
import type { Archive } from './archive.ts';
import type { Directory } from './directory.ts';
import type { Limits } from './limits.ts';
import type { Tally } from './metrics.ts';
import type { TokenBucket } from './token-bucket.ts';
import type { TabServer, TabSocket } from './visitor.ts';

/** What the handlers of messages work with. */
export interface Desk {
  readonly io: TabServer;
  readonly directory: Directory<TabSocket>;
  readonly archive: Archive;
  readonly tally: Tally;
  readonly limits: Limits;
  readonly clock: () => Milliseconds;
  readonly ice: IceAdvice;
  /** Of all sockets together. */
  readonly entering: TokenBucket;
  /** Sockets that are in no room, and since when; the longest waiting first. */
  readonly waiting: Map<TabSocket, Milliseconds>;
  joinUrl(origin: string | undefined, code: string): string;
  closing: boolean;
}

/** An answer of the shape that the event's reply takes; typed where the events are. */
export type AnyReply = (answer: object) => void;

const refusals = new Map(
  (Object.entries(REFUSALS) as [RefusalCode, string][]).map(([code, message]) => [
    code,
    Object.freeze({ code, message }),
  ]),
);

export function refusal(code: RefusalCode): Refusal {
  return refusals.get(code)!;
}

/**
 * Says no, by the reply if there is one, and counts it.
 *
 * @param message in place of the sentence of all refusals of this name: it says which field, which node
 */
export function refuse(
  { tally }: Pick<Desk, 'tally'>,
  socket: TabSocket,
  code: RefusalCode,
  reply?: AnyReply,
  message?: string,
): void {
  tally.refuse(code);
  const said = message === undefined ? refusal(code) : { code, message };
  if (reply) reply({ ok: false, refusal: said });
  else socket.emit('refused', said);
}

/** Ends a connection at once, without waiting for what was still to be sent. */
export function cut(socket: TabSocket): void {
  socket.conn.close(true);
}

/**
 * How large the next messages of one socket may be. engine.io has one limit for all, which must suit
 * strangers; ws looks at this one while it reads, and calls it private.
 */
export function limitMessages(socket: TabSocket, bytes: number): void {
  const { transport } = socket.conn as unknown as {
    readonly transport: { readonly socket: { readonly _receiver: { _maxPayload: number } } };
  };
  transport.socket._receiver._maxPayload = bytes;
}

/** Puts a tab out of its room for good; the last that it hears is why. */
export function putOut(socket: TabSocket, code: RefusalCode): void {
  socket.data.place = undefined;
  socket.emit('out', refusal(code));
  socket.disconnect(true);
}
