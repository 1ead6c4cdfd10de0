import { EventEmitter } from 'eventemitter3';
import type { Channel } from '../../src/channels/channels.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import type { ChannelSource } from './app-channels.ts';
import { guarded } from './guarded.ts';
import {
  readAbout,
  readMessage,
  writeAbout,
  writeMessage,
  type Message,
  type PeerId,
  type PeerMetadata,
} from './repo-messages.ts';

/**
 * So long a repo that asks for a document waits for a first peer: as the WebSocket adapter does before
 * it says that nobody has it.
 */
export const READY_AFTER_MS: Milliseconds = 1_000;

interface AdapterEvents {
  close: () => void;
  'peer-candidate': (payload: { peerId: PeerId; peerMetadata: PeerMetadata }) => void;
  'peer-disconnected': (payload: { peerId: PeerId }) => void;
  message: (payload: Message) => void;
}

/**
 * A network adapter for automerge-repo: all nodes with an adapter of the same name are its peers, as far
 * as links lead to them. It is what `Repo` takes, and all that its base class is, without the package.
 */
export class NetsplitNetworkAdapter extends EventEmitter<AdapterEvents> {
  readonly name: string;
  peerId?: PeerId;
  peerMetadata?: PeerMetadata;
  #channels: ChannelSource;
  #channel: Channel | null = null;
  #peers = new Map<NodeId, PeerId>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isReady = false;
  #nowReady: () => void = () => {};
  #whenReady = new Promise<void>((resolve) => {
    this.#nowReady = resolve;
  });

  constructor(name: string, channels: ChannelSource) {
    super();
    this.name = name;
    this.#channels = channels;
  }

  isReady(): boolean {
    return this.#isReady;
  }

  /** Once there is a peer, or has been none for a second. */
  whenReady(): Promise<void> {
    return this.#whenReady;
  }

  /** Throws an error whose message says what to do. */
  connect(peerId: PeerId, peerMetadata: PeerMetadata = {}): void {
    this.disconnect();
    this.peerId = peerId;
    this.peerMetadata = peerMetadata;
    const about = writeAbout({ peerId, peerMetadata });
    this.#channel = this.#channels.open(`automerge/${this.name}`, about, {
      up: (node, said) => this.#up(node, said),
      down: (node) => this.#down(node),
      message: (node, bytes) => this.#arrived(node, bytes),
    });
    this.#timer = setTimeout(() => this.#becomeReady(), READY_AFTER_MS);
  }

  send(message: Message): void {
    for (const [node, peerId] of this.#peers)
      if (peerId === message.targetId) this.#sendTo(node, message);
  }

  disconnect(): void {
    clearTimeout(this.#timer);
    this.#channel?.close();
    this.#channel = null;
    for (const node of [...this.#peers.keys()]) this.#down(node);
  }

  /** Too large: the repo must not fail for it in the middle of a change. */
  readonly #sendTo = guarded((node: NodeId, message: Message): void => {
    this.#channel?.send(node, writeMessage(message));
  });

  #up(node: NodeId, said: Uint8Array): void {
    const about = readAbout(said);
    if (!about) return;
    this.#peers.set(node, about.peerId);
    this.emit('peer-candidate', about);
    this.#becomeReady();
  }

  #down(node: NodeId): void {
    const peerId = this.#peers.get(node);
    if (peerId === undefined) return;
    this.#peers.delete(node);
    this.emit('peer-disconnected', { peerId });
  }

  #arrived(node: NodeId, bytes: Uint8Array): void {
    const message = readMessage(bytes);
    if (message && this.#peers.has(node)) this.emit('message', message);
  }

  #becomeReady(): void {
    clearTimeout(this.#timer);
    this.#isReady = true;
    this.#nowReady();
  }
}
