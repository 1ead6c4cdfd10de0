import type { Channel, ChannelListener, Channels } from '../../src/channels/channels.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { guarded } from './guarded.ts';

/** What software needs of the mesh. */
export interface ChannelSource {
  /** Throws an error whose message says what to do. */
  open(name: string, about: Uint8Array, listener: ChannelListener): Channel;
}

interface Held {
  readonly about: Uint8Array;
  readonly listener: ChannelListener;
  /** Of the node's present life; null between two. */
  channel: Channel | null;
}

/**
 * The channels of a tab's apps, which outlive its node: a crash parts an app from all others, and the
 * next life of the node opens its channels again. What an app throws is reported and stays its own.
 */
export class AppChannels implements ChannelSource {
  #protocol: Channels | null = null;
  #held = new Map<string, Held>();

  begin(protocol: Channels): void {
    this.end();
    this.#protocol = protocol;
    for (const [name, held] of this.#held)
      held.channel = protocol.open(name, held.about, held.listener);
  }

  /** The node's life is over. */
  end(): void {
    this.#protocol = null;
    for (const held of this.#held.values()) {
      const peers = held.channel?.peers() ?? [];
      held.channel = null;
      for (const peer of peers) held.listener.down(peer);
    }
  }

  open(name: string, about: Uint8Array, listener: ChannelListener): Channel {
    if (!this.#protocol)
      throw new Error('The node of this tab has crashed. Restart it, then connect again.');
    const held: Held = { about, listener: guardedListener(listener), channel: null };
    held.channel = this.#protocol.open(name, about, held.listener);
    this.#held.set(name, held);
    return {
      name,
      peers: () => held.channel?.peers() ?? [],
      send: (peer: NodeId, bytes: Uint8Array) => held.channel?.send(peer, bytes) ?? false,
      close: () => {
        if (this.#held.get(name) === held) this.#held.delete(name);
        held.channel?.close();
        held.channel = null;
      },
    };
  }
}

function guardedListener(listener: ChannelListener): ChannelListener {
  return {
    up: guarded((peer, about) => listener.up(peer, about)),
    down: guarded((peer) => listener.down(peer)),
    message: guarded((peer, bytes) => listener.message(peer, bytes)),
  };
}
