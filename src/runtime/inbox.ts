import * as v from 'valibot';
import type { DropReason } from '../trace/event.ts';
import type { Incarnation, NodeId, RoomCode } from '../vocabulary.ts';
import { decodeBody } from '../wire/body.ts';
import { decodeFrame, type Frame } from '../wire/frame.ts';
import type { Hosted } from './hosted.ts';

/** Senders of which the newest life is remembered; the one that started longest ago is forgotten first. */
const MAX_KNOWN_LIVES = 1024;

const FIRST_FAULT_ONLY = { abortEarly: true } as const;

export type Arrival =
  | { readonly ok: true; readonly frame: Frame; readonly hosted: Hosted; readonly message: unknown }
  | { readonly ok: false; readonly hosted: Hosted | null; readonly reason: DropReason };

/**
 * Every check between the wire and a protocol, in this order, the cheap ones first; the first that
 * fails names the reason. What passes is trusted from here on.
 *
 * - INBOX-1 size, version, checksum, layout (`too-large`, `version`, `checksum`, `malformed`)
 * - INBOX-2 it is of this room (`other-room`) and of the neighbour that the link leads to (`impostor`)
 * - INBOX-3 it is of that neighbour's newest known life (`stale-incarnation`)
 * - INBOX-4 this node runs that protocol (`unknown-protocol`), in that version (`version`)
 * - INBOX-5 the body decodes (`malformed`) and fits the protocol's schema (`schema`)
 */
export class Inbox {
  private readonly room: RoomCode;
  private readonly protocols: ReadonlyMap<string, Hosted>;
  private readonly lives = new Map<NodeId, Incarnation>();

  constructor(room: RoomCode, protocols: ReadonlyMap<string, Hosted>) {
    this.room = room;
    this.protocols = protocols;
  }

  /** Never throws, whatever the bytes. */
  check(from: NodeId, bytes: Uint8Array): Arrival {
    const decoded = decodeFrame(bytes, this.room);
    if (!decoded.ok) return refused(decoded.reason);
    const { frame } = decoded;
    if (frame.sender !== from) return refused('impostor');
    const newest = this.lives.get(from) ?? 0;
    if (frame.incarnation < newest) return refused('stale-incarnation');
    if (frame.incarnation > newest) this.remember(from, frame.incarnation);

    const hosted = this.protocols.get(frame.protocol);
    if (hosted === undefined) return refused('unknown-protocol');
    if (hosted.version !== frame.protocolVersion) return refused('version', hosted);
    const body = decodeBody(frame.body);
    if (!body.ok) return refused('malformed', hosted);
    const checked = v.safeParse(hosted.schema, body.value, FIRST_FAULT_ONLY);
    if (!checked.success) return refused('schema', hosted);
    return { ok: true, frame, hosted, message: checked.output };
  }

  private remember(sender: NodeId, incarnation: Incarnation): void {
    this.lives.delete(sender);
    if (this.lives.size === MAX_KNOWN_LIVES) this.lives.delete(this.lives.keys().next().value!);
    this.lives.set(sender, incarnation);
  }
}

function refused(reason: DropReason, hosted: Hosted | null = null): Arrival {
  return { ok: false, hosted, reason };
}
