import { Chunker, Reassembler } from '../../src/wire/chunk.ts';
import { MAX_CARRIED_BYTES, type Lane, type SendOutcome } from '../../src/wire/lane.ts';
import { decodeLinkMessage, encodeLinkMessage } from '../../src/wire/link-codec.ts';
import {
  LINK_VERSION,
  type ByeReason,
  type LinkMessage,
  type Path,
  type Rung,
} from '../../src/wire/link-messages.ts';
import type { Member } from '../../src/wire/signaling-messages.ts';
import type { NodeId, RoomCode } from '../../src/vocabulary.ts';
import {
  Connection,
  type AttemptSignal,
  type CloseReason,
  type ConnectionLane,
} from './connection.ts';

/** What may arrive ahead of the other side's hello, since lanes overtake each other. */
const MAX_EARLY_BYTES = 256 * 1024;

/** One unreadable message may be a fault of ours; this many are somebody's. */
const MAX_GARBAGE = 8;

export type ManagementMessage = Exclude<LinkMessage, { type: 'hello' }>;

export interface ConversationListener {
  signal(signal: AttemptSignal): void;
  climbed(rung: Rung): void;
  /** Both have said hello: from now on frames and messages come, and may be sent. */
  joined(hello: Member): void;
  frame(bytes: Uint8Array, lane: Lane): void;
  management(message: ManagementMessage): void;
  /** Once, last of all. */
  ended(reason: CloseReason | 'garbage'): void;
}

export interface ConversationOptions {
  /** Whether this side makes the offer. */
  readonly calls: boolean;
  readonly with: NodeId;
  readonly room: RoomCode;
  readonly self: Member;
  readonly iceServers: RTCIceServer[];
}

/**
 * What two tabs say over one connection: hello first, each way; then frames in chunks on the stream,
 * datagrams, and management messages. Whatever cannot be read is counted, and ends it in the end.
 */
export class Conversation {
  #options: ConversationOptions;
  #listener: ConversationListener | null;
  #connection: Connection;
  #chunker = new Chunker();
  #reassembler = new Reassembler();
  #lanesOpen = false;
  #hello: Member | null = null;
  #joined = false;
  #early: { lane: Lane; bytes: Uint8Array }[] = [];
  #earlyBytes = 0;
  #garbage = 0;

  /** @param closed is called once the connection is no more, even if nobody listens any longer */
  constructor(options: ConversationOptions, listener: ConversationListener, closed: () => void) {
    this.#options = options;
    this.#listener = listener;
    this.#connection = new Connection(options.calls, options.iceServers, {
      signal: (signal) => {
        if (signal.type === 'answer') this.#listener?.climbed('offered');
        this.#listener?.signal(signal);
      },
      trying: () => this.#listener?.climbed('candidates'),
      open: () => this.#sayHello(),
      message: (lane, bytes) => this.#heard(lane, bytes),
      close: (reason) => {
        closed();
        this.#end(reason);
      },
    });
  }

  signal(signal: AttemptSignal): void {
    if (signal.type === 'answer') this.#listener?.climbed('offered');
    this.#connection.signal(signal);
  }

  send(frame: Uint8Array, lane: Lane): SendOutcome {
    if (frame.length > MAX_CARRIED_BYTES[lane]) return 'too-large';
    if (lane === 'datagram') return this.#connection.sendDatagram(frame);
    return this.#connection.sendStream(this.#chunker.split(frame));
  }

  manage(message: LinkMessage): void {
    this.#connection.sendManagement(encodeLinkMessage(message));
  }

  get managementBacklogBytes(): number {
    return this.#connection.managementBacklogBytes;
  }

  bye(reason: ByeReason): void {
    this.manage({ type: 'bye', reason });
  }

  path(): Promise<Path | null> {
    return this.#connection.path();
  }

  /** From now on nothing of it is heard; `close` may follow later. */
  ignore(): void {
    this.#listener = null;
    this.#early = [];
  }

  close(): void {
    this.ignore();
    this.#connection.close();
  }

  #sayHello(): void {
    this.#lanesOpen = true;
    this.#listener?.climbed('channel');
    const { room, self } = this.#options;
    this.manage({ type: 'hello', version: LINK_VERSION, room, member: self });
    this.#joinIfReady();
  }

  #heard(lane: ConnectionLane, bytes: Uint8Array): void {
    if (!this.#listener) return;
    if (lane === 'management') return this.#heardManagement(bytes);
    if (this.#joined) return this.#heardData(lane, bytes);
    this.#earlyBytes += bytes.length;
    if (this.#earlyBytes > MAX_EARLY_BYTES) return this.#giveUp();
    this.#early.push({ lane, bytes });
  }

  #heardManagement(bytes: Uint8Array): void {
    const message = decodeLinkMessage(bytes);
    if (!message) return this.#heardGarbage();
    if (message.type === 'hello') return this.#heardHello(message);
    if (this.#joined) this.#listener?.management(message);
  }

  #heardHello({ room, member }: { room: RoomCode; member: Member }): void {
    if (this.#joined) return;
    if (room !== this.#options.room || member.id !== this.#options.with) return this.#giveUp();
    this.#hello = member;
    this.#joinIfReady();
  }

  #heardData(lane: Lane, bytes: Uint8Array): void {
    if (lane === 'datagram') return this.#listener?.frame(bytes, lane);
    const taken = this.#reassembler.accept(bytes);
    if (!taken.ok) return this.#heardGarbage();
    if (taken.frame) this.#listener?.frame(taken.frame, lane);
  }

  #heardGarbage(): void {
    if (++this.#garbage > MAX_GARBAGE) this.#giveUp();
  }

  #joinIfReady(): void {
    if (!this.#hello || !this.#lanesOpen || this.#joined) return;
    this.#joined = true;
    const early = this.#early;
    this.#early = [];
    this.#listener?.joined(this.#hello);
    for (const { lane, bytes } of early) this.#heardData(lane, bytes);
  }

  #giveUp(): void {
    this.#end('garbage');
    this.#connection.close();
  }

  #end(reason: CloseReason | 'garbage'): void {
    const listener = this.#listener;
    this.ignore();
    listener?.ended(reason);
  }
}
