import type { VectorEntries } from '../clocks/vector.ts';
import type { DropReason } from '../trace/event.ts';
import type { Incarnation, NodeId, RoomCode } from '../vocabulary.ts';
import { decodeBody } from '../wire/body.ts';
import { decodeFrame, type FrameHeader } from '../wire/frame.ts';
import type { Parcel } from '../wire/parcel.ts';
import { REFUSED } from '../wire/schema-check.ts';
import type { Hosted } from './hosted.ts';

/** Senders of which the newest life is remembered; the one that started longest ago is forgotten first. */
const MAX_KNOWN_LIVES = 1024;

export type Arrival =
  | {
      readonly ok: true;
      readonly header: FrameHeader;
      readonly vector: VectorEntries;
      readonly hosted: Hosted;
      readonly message: unknown;
    }
  | Refusal;

export interface Refusal {
  readonly ok: false;
  readonly hosted: Hosted | null;
  readonly reason: DropReason;
  /** The name of a protocol that this node does not run. */
  readonly unknown?: string;
}

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
  private latest: Hosted | undefined;
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
    const hosted = this.addressee(from, frame);
    if ('reason' in hosted) return hosted;
    const body = decodeBody(frame.body);
    if (!body.ok) return refused('malformed', hosted);
    return passed(frame, frame.vector, hosted, hosted.check(body.value));
  }

  /** The same for what never was in bytes. */
  checkParcel(from: NodeId, parcel: Parcel): Arrival {
    if (parcel.room !== this.room) return refused('other-room');
    const hosted = this.addressee(from, parcel);
    if ('reason' in hosted) return hosted;
    return passed(parcel, parcel.vector, hosted, parcel.body.arrive(hosted.check));
  }

  /** The protocol that it is for, if it may pass. */
  private addressee(from: NodeId, header: FrameHeader): Hosted | Refusal {
    if (header.sender !== from) return refused('impostor');
    const newest = this.lives.get(from) ?? 0;
    if (header.incarnation < newest) return refused('stale-incarnation');
    if (header.incarnation > newest) this.remember(from, header.incarnation);

    const hosted = this.hostedBy(header.protocol);
    if (hosted === undefined) return { ...refused('unknown-protocol'), unknown: header.protocol };
    if (hosted.version !== header.protocolVersion) return refused('version', hosted);
    return hosted;
  }

  /** Mostly the one of the message before. */
  private hostedBy(name: string): Hosted | undefined {
    if (this.latest?.name !== name) this.latest = this.protocols.get(name);
    return this.latest;
  }

  private remember(sender: NodeId, incarnation: Incarnation): void {
    this.lives.delete(sender);
    if (this.lives.size === MAX_KNOWN_LIVES) this.lives.delete(this.lives.keys().next().value!);
    this.lives.set(sender, incarnation);
  }
}

function passed(
  header: FrameHeader,
  vector: VectorEntries,
  hosted: Hosted,
  message: unknown,
): Arrival {
  if (message === REFUSED) return refused('schema', hosted);
  return { ok: true, header, vector, hosted, message };
}

function refused(reason: DropReason, hosted: Hosted | null = null): Refusal {
  return { ok: false, hosted, reason };
}
