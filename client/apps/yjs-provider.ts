import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { ObservableV2 } from 'lib0/observable';
import {
  applyAwarenessUpdate,
  Awareness,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness';
import * as Yjs from 'yjs';
import type { Channel } from '../../src/channels/channels.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import type { ChannelSource } from './app-channels.ts';
import { guarded } from './guarded.ts';
import { readMessage, writeMessage, type YjsMessage } from './yjs-messages.ts';

/** With one peer after the other; it costs a few bytes for each writer, and asks for what is pending. */
export const RESYNC_MS: Milliseconds = 5_000;

/** Removed because their peer has gone from here: others will see to it themselves. */
const GONE = 'gone';

/** What the provider calls of Yjs. */
type YjsFunctions = Pick<typeof Yjs, 'applyUpdate' | 'encodeStateAsUpdate' | 'encodeStateVector'>;

export interface NetsplitProviderOptions {
  /** Where the mesh is reached. */
  readonly channels: ChannelSource;
  /** One that the app has already; unless given, the provider makes one. */
  readonly awareness?: Awareness;
  /** False: nothing happens until `connect()`. */
  readonly connect?: boolean;
  /** The app's own copy of Yjs, if it brings one: a document is changed by the copy that made it. */
  readonly Y?: YjsFunctions;
  readonly resyncMs?: Milliseconds;
}

interface ProviderEvents {
  status: (event: { readonly status: 'connected' | 'disconnected' }) => void;
  /** Whether all peers have told what they have. */
  sync: (synced: boolean) => void;
  peers: (event: { readonly peers: readonly NodeId[] }) => void;
  /** Something could not be sent, or what came was no message of Yjs. */
  'connection-error': (error: Error) => void;
  /** Its own name in Yjs's providers, for those who wait for it. */
  destroy: () => void;
}

interface Peer {
  /** Of its document. */
  readonly client: number;
  synced: boolean;
}

/**
 * A Yjs document on the mesh: all nodes with a provider of the same name share it, awareness included.
 * Who hears something new passes it on to its other neighbours. The rules APP-1 to APP-5 stand in
 * client/README.md.
 */
export class NetsplitProvider extends ObservableV2<ProviderEvents> {
  readonly name: string;
  readonly doc: Yjs.Doc;
  readonly awareness: Awareness;
  #channels: ChannelSource;
  #Y: YjsFunctions;
  #resyncMs: Milliseconds;
  #ownsAwareness: boolean;
  #channel: Channel | null = null;
  #peers = new Map<NodeId, Peer>();
  #resync: ReturnType<typeof setInterval> | undefined;
  /** How many times; whose turn it is. */
  #resyncs = 0;
  /** Whose message is being taken in. */
  #from: NodeId | null = null;
  #wasSynced = false;

  constructor(name: string, doc: Yjs.Doc, options: NetsplitProviderOptions) {
    super();
    this.name = name;
    this.doc = doc;
    this.#channels = options.channels;
    this.#Y = options.Y ?? Yjs;
    this.#resyncMs = options.resyncMs ?? RESYNC_MS;
    this.#ownsAwareness = options.awareness === undefined;
    this.awareness = options.awareness ?? new Awareness(doc);
    doc.on('update', this.#updated);
    doc.on('destroy', this.#docDestroyed);
    this.awareness.on('update', this.#awarenessUpdated);
    if (options.connect !== false) this.connect();
  }

  get connected(): boolean {
    return this.#channel !== null;
  }

  get synced(): boolean {
    const peers = [...this.#peers.values()];
    return peers.length > 0 && peers.every(({ synced }) => synced);
  }

  /** The nodes that it shares the document with directly. */
  get peers(): readonly NodeId[] {
    return [...this.#peers.keys()];
  }

  /** Throws an error whose message says what to do. */
  connect(): void {
    if (this.#channel) return;
    this.#channel = this.#channels.open(`yjs/${this.name}`, aboutOf(this.doc.clientID), {
      up: (peer, about) => this.#up(peer, about),
      down: (peer) => this.#down(peer),
      message: (peer, bytes) => this.#message(peer, bytes),
    });
    this.#resync = setInterval(
      guarded(() => this.#askOne()),
      this.#resyncMs,
    );
    this.emit('status', [{ status: 'connected' }]);
  }

  disconnect(): void {
    if (!this.#channel) return;
    const own = this.awareness.clientID;
    const update = encodeAwarenessUpdate(this.awareness, [own], new Map());
    this.#broadcast({ type: 'awareness', update });
    clearInterval(this.#resync);
    this.#channel.close();
    this.#channel = null;
    this.#peers.clear();
    this.#forgetOthers();
    this.#peersChanged();
    this.emit('status', [{ status: 'disconnected' }]);
  }

  override destroy(): void {
    this.disconnect();
    this.doc.off('update', this.#updated);
    this.doc.off('destroy', this.#docDestroyed);
    this.awareness.off('update', this.#awarenessUpdated);
    if (this.#ownsAwareness) this.awareness.destroy();
    super.destroy();
  }

  #up(peer: NodeId, about: Uint8Array): void {
    this.#peers.set(peer, { client: clientIn(about), synced: false });
    this.#ask(peer);
    const known = [...this.awareness.getStates().keys()];
    const update = encodeAwarenessUpdate(this.awareness, known);
    this.#send(peer, { type: 'awareness', update });
    // The peer may have taken this one for gone: only a newer word brings it back, to all.
    const own = this.awareness.getLocalState();
    if (own !== null) this.awareness.setLocalState(own);
    this.#peersChanged();
  }

  #down(peer: NodeId): void {
    const gone = this.#peers.get(peer);
    if (!gone) return;
    this.#peers.delete(peer);
    removeAwarenessStates(this.awareness, [gone.client], GONE);
    if (this.#peers.size === 0) this.#forgetOthers();
    this.#peersChanged();
  }

  /** Nobody is left to tell of them. Whoever comes again is believed, even if it says nothing new. */
  #forgetOthers(): void {
    const { awareness } = this;
    const others = [...awareness.meta.keys()].filter((client) => client !== awareness.clientID);
    removeAwarenessStates(awareness, others, GONE);
    for (const client of others) awareness.meta.delete(client);
  }

  #message(peer: NodeId, bytes: Uint8Array): void {
    this.#from = peer;
    try {
      this.#take(peer, readMessage(bytes));
    } catch (error) {
      this.emit('connection-error', [error as Error]);
    } finally {
      this.#from = null;
    }
  }

  #take(peer: NodeId, message: YjsMessage): void {
    switch (message.type) {
      case 'step 1': {
        const update = this.#Y.encodeStateAsUpdate(this.doc, message.vector);
        return this.#send(peer, { type: 'step 2', update });
      }
      case 'step 2':
        this.#Y.applyUpdate(this.doc, message.update, this);
        return this.#hasSynced(peer);
      case 'update':
        return this.#Y.applyUpdate(this.doc, message.update, this);
      case 'awareness':
        return applyAwarenessUpdate(this.awareness, message.update, this);
    }
  }

  /** Of the document, by whomever; one that came from a peer does not go back to it. */
  readonly #updated = (update: Uint8Array, origin: unknown): void => {
    this.#broadcast({ type: 'update', update }, origin);
  };

  readonly #awarenessUpdated = (
    { added, updated, removed }: Record<'added' | 'updated' | 'removed', number[]>,
    origin: unknown,
  ): void => {
    // Whose peer is gone, or silent for too long, everybody finds out by themselves.
    if (origin === GONE || origin === 'timeout') return;
    const update = encodeAwarenessUpdate(this.awareness, [...added, ...updated, ...removed]);
    this.#broadcast({ type: 'awareness', update }, origin);
  };

  readonly #docDestroyed = (): void => this.destroy();

  /** What somebody does in answer to a peer's message is news for that peer too. */
  #broadcast(message: YjsMessage, origin: unknown = null): void {
    const bytes = writeMessage(message);
    const cameFrom = origin === this ? this.#from : null;
    for (const peer of this.#channel?.peers() ?? [])
      if (peer !== cameFrom) this.#sendBytes(peer, bytes);
  }

  #send(peer: NodeId, message: YjsMessage): void {
    this.#sendBytes(peer, writeMessage(message));
  }

  #sendBytes(peer: NodeId, bytes: Uint8Array): void {
    try {
      this.#channel?.send(peer, bytes);
    } catch (error) {
      // Too large; whoever changed the document must not fail for it.
      this.emit('connection-error', [error as Error]);
    }
  }

  #ask(peer: NodeId): void {
    this.#send(peer, { type: 'step 1', vector: this.#Y.encodeStateVector(this.doc) });
  }

  #askOne(): void {
    const peers = this.peers;
    if (peers.length === 0) return;
    this.#ask(peers[this.#resyncs % peers.length]!);
    this.#resyncs += 1;
  }

  #hasSynced(peer: NodeId): void {
    const known = this.#peers.get(peer);
    if (known) known.synced = true;
    this.#reviewSynced();
  }

  #peersChanged(): void {
    this.emit('peers', [{ peers: this.peers }]);
    this.#reviewSynced();
  }

  #reviewSynced(): void {
    if (this.synced === this.#wasSynced) return;
    this.#wasSynced = this.synced;
    this.emit('sync', [this.#wasSynced]);
  }
}

function aboutOf(client: number): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, client);
  return encoding.toUint8Array(encoder);
}

function clientIn(about: Uint8Array): number {
  return decoding.readVarUint(decoding.createDecoder(about));
}
