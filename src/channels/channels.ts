import type { Host } from '../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../runtime/protocol.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import { MAX_MESSAGE_BYTES } from './incoming.ts';
import { Meeting } from './meeting.ts';
import {
  channelsSchema,
  MAX_ABOUT_BYTES,
  MAX_CHANNELS,
  MAX_NAME_LENGTH,
  type ChannelsMessage,
  type Kind,
} from './messages.ts';
import { NeighbourChannels } from './neighbour-channels.ts';

/**
 * Bytes of other people's software between neighbours, on channels with names: who else has the same one
 * open, and an orderly way to each of them. The rules CHANNEL-1 to CHANNEL-9 stand in README.md.
 */

/** What was told and lost is told again. */
export const HERE_MS: Milliseconds = 2_000;

/** A peer that does not take four of the longest messages has to begin anew. */
export const MAX_WAITING_BYTES = 4 * MAX_MESSAGE_BYTES;

/** And so long after. */
export const REST_MS: Milliseconds = 1_000;

/** It cannot be carried; the message says why and what to do. */
export class UnfitForChannel extends Error {
  override readonly name = 'UnfitForChannel';
}

/** Whoever opened a channel hears of these. A peer is up before its first message and after its last one down. */
export interface ChannelListener {
  /** @param about what the peer said of itself when it opened the channel */
  up(peer: NodeId, about: Uint8Array): void;
  down(peer: NodeId): void;
  message(peer: NodeId, bytes: Uint8Array): void;
}

export interface Channel {
  readonly name: string;
  /** Neighbours that have it open too, as far as is known here. */
  peers(): readonly NodeId[];
  /** False if the peer is not on the channel. Throws an `UnfitForChannel`. */
  send(peer: NodeId, bytes: Uint8Array): boolean;
  /** The listener hears nothing more. */
  close(): void;
}

interface Opening {
  readonly name: string;
  readonly about: Uint8Array;
  readonly listener: ChannelListener;
  readonly meetings: Map<NodeId, Meeting>;
  /** Which number is told to whom; none to a peer that did not take what was sent, for a while. */
  readonly numbers: Map<NodeId, number>;
}

export class Channels implements Protocol<ChannelsMessage> {
  private readonly host: Host<ChannelsMessage>;
  private readonly openings = new Map<string, Opening>();
  private readonly neighbours = new Map<NodeId, NeighbourChannels>();
  private lastNumber = 0;
  private round = 0;
  private stale = 0;
  private overflows = 0;

  constructor(host: Host<ChannelsMessage>) {
    this.host = host;
  }

  start(): void {
    this.tellAgain();
  }

  stop(): void {}

  /** Who is there already is up soon, but not within this call. Throws an `UnfitForChannel`. */
  open(name: string, about: Uint8Array, listener: ChannelListener): Channel {
    this.assertOpenable(name, about);
    const opening: Opening = {
      ...{ name, listener, about: about.slice() },
      ...{ meetings: new Map(), numbers: new Map() },
    };
    this.openings.set(name, opening);
    for (const id of this.neighbours.keys()) this.number(opening, id);
    this.tellAll();
    // Whoever opens it has to have it before they hear anything.
    this.host.after(0, () => {
      for (const id of [...this.neighbours.keys()]) this.review(opening, id);
    });
    return {
      name,
      peers: () => [...opening.meetings.keys()],
      send: (peer, bytes) => this.send(opening, peer, bytes),
      close: () => this.close(opening),
    };
  }

  neighbourUp(id: NodeId): void {
    this.neighbours.set(id, new NeighbourChannels());
    for (const opening of this.openings.values()) this.number(opening, id);
    this.tell(id, true);
  }

  neighbourDown(id: NodeId): void {
    this.neighbours.delete(id);
    for (const opening of [...this.openings.values()]) {
      opening.numbers.delete(id);
      this.review(opening, id);
    }
  }

  receive(from: NodeId, message: ChannelsMessage): void {
    if (message.type === 'here') return this.heardOf(from, message);
    const meeting = this.openings.get(message.channel)?.meetings.get(from);
    if (meeting?.ends.from !== message.to || meeting.ends.to !== message.from) this.stale += 1;
    else meeting.receive(message);
  }

  inspect() {
    const { stale, overflows } = this;
    const channels = Array.from(this.openings.values(), ({ name, meetings }) => ({
      name,
      peers: Array.from(meetings.values(), ({ ends, waitingBytes, refused }) => ({
        ...{ peer: ends.peer, waitingBytes, refused },
      })),
    }));
    return { channels, stale, overflows } satisfies Json;
  }

  private assertOpenable(name: string, about: Uint8Array): void {
    const trouble = this.whyNotOpen(name, about);
    if (trouble !== null) throw new UnfitForChannel(trouble);
  }

  private whyNotOpen(name: string, about: Uint8Array): string | null {
    if (name.length === 0 || name.length > MAX_NAME_LENGTH)
      return `A channel's name has 1 to ${MAX_NAME_LENGTH} characters, and this one has ${name.length}.`;
    if (this.openings.has(name))
      return `This node has the channel '${name}' open already. Close it first, or take another name.`;
    if (this.openings.size === MAX_CHANNELS)
      return `This node has ${MAX_CHANNELS} channels open, and that is the limit. Close one first.`;
    if (about.length > MAX_ABOUT_BYTES)
      return `What a channel tells of who opened it takes ${about.length} bytes, and ${MAX_ABOUT_BYTES} is the limit.`;
    return null;
  }

  private close(opening: Opening): void {
    if (this.openings.get(opening.name) !== opening) return;
    this.openings.delete(opening.name);
    for (const meeting of opening.meetings.values()) this.end(opening, meeting, 'closed');
    this.tellAll();
  }

  private send(opening: Opening, peer: NodeId, bytes: Uint8Array): boolean {
    if (bytes.length > MAX_MESSAGE_BYTES) {
      throw new UnfitForChannel(
        `This message takes ${bytes.length} bytes and a channel carries ${MAX_MESSAGE_BYTES}. Send it in parts.`,
      );
    }
    const meeting = opening.meetings.get(peer);
    if (meeting === undefined) return false;
    if (meeting.waitingBytes + bytes.length > MAX_WAITING_BYTES) {
      this.overflow(opening, meeting);
      return false;
    }
    meeting.send(bytes);
    return true;
  }

  /** The peer takes nothing: both begin anew, and their software with them. */
  private overflow(opening: Opening, meeting: Meeting): void {
    const { peer } = meeting.ends;
    const link = this.neighbours.get(peer);
    this.overflows += 1;
    opening.numbers.delete(peer);
    this.end(opening, meeting, 'overflow');
    this.tell(peer, false);
    opening.listener.down(peer);
    this.host.after(REST_MS, () => {
      // The link may have closed meanwhile, and even opened again.
      if (this.neighbours.get(peer) !== link || this.openings.get(opening.name) !== opening) return;
      this.number(opening, peer);
      this.tell(peer, false);
      this.review(opening, peer);
    });
  }

  private heardOf(from: NodeId, { round, asks, channels }: Kind<'here'>): void {
    const neighbour = this.neighbours.get(from);
    // Before its link is up here: it will be asked then.
    if (neighbour === undefined) return;
    if (neighbour.take(round, channels)) {
      for (const opening of [...this.openings.values()]) this.review(opening, from);
    }
    if (asks) this.tell(from, false);
  }

  /** Has this neighbour come to the channel, or left it, or come anew? */
  private review(opening: Opening, id: NodeId): void {
    const theirs = this.neighbours.get(id)?.channel(opening.name);
    const own = opening.numbers.get(id);
    const meeting = opening.meetings.get(id);
    if (meeting !== undefined) {
      if (meeting.ends.to === theirs?.opening && meeting.ends.from === own) return;
      this.end(opening, meeting, 'left');
      opening.listener.down(id);
    }
    if (this.openings.get(opening.name) !== opening) return;
    if (theirs !== undefined && own !== undefined) this.meet(opening, id, own, theirs);
  }

  private meet(
    opening: Opening,
    peer: NodeId,
    from: number,
    { opening: to, about }: { readonly opening: number; readonly about: Uint8Array },
  ): void {
    const { name: channel, listener } = opening;
    const ends = { channel, peer, from, to };
    const arrived = (message: Uint8Array) => listener.message(peer, message);
    opening.meetings.set(peer, new Meeting(this.host, ends, arrived));
    this.host.record('met', { channel, peer });
    listener.up(peer, about);
  }

  private end({ meetings }: Opening, meeting: Meeting, why: string): void {
    const { channel, peer } = meeting.ends;
    meeting.end();
    meetings.delete(peer);
    this.host.record('parted', { channel, peer, why });
  }

  private number(opening: Opening, id: NodeId): void {
    this.lastNumber += 1;
    opening.numbers.set(id, this.lastNumber);
  }

  private tellAgain(): void {
    this.tellAll();
    this.host.after(HERE_MS, () => this.tellAgain());
  }

  private tellAll(): void {
    for (const id of this.neighbours.keys()) this.tell(id, false);
  }

  private tell(id: NodeId, asks: boolean): void {
    this.round += 1;
    const channels = [...this.openings.values()].flatMap(({ name, about, numbers }) => {
      const opening = numbers.get(id);
      return opening === undefined ? [] : [{ name, opening, about }];
    });
    this.host.send(id, { type: 'here', round: this.round, asks, channels });
  }
}

export const channels: ProtocolDefinition<ChannelsMessage, Channels> = {
  name: 'channels',
  version: 1,
  schema: channelsSchema,
  lane: 'stream',
  create: (host) => new Channels(host),
};
