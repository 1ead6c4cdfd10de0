import { io, type Socket } from 'socket.io-client';
import type {
  ActAnswer,
  Admission,
  ServerToTab,
  TabToServer,
} from '../../src/network/control-plane.ts';
import {
  MAX_CHANGE_CHARACTERS,
  type NetworkChange,
  type NetworkDocument,
} from '../../src/network/network-document.ts';
import type { NodeAct } from '../../src/network/node-condition.ts';
import { TOO_LARGE_TEXT } from '../../src/wire/refusals.ts';
import type {
  Answer,
  Enter,
  Member,
  Present,
  Refusal,
  Relay,
  RoomInfo,
  Settings,
  Signal,
} from '../../src/wire/signaling-messages.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import type { SignalPost } from './signal-routes.ts';

/** An answer takes a few milliseconds on a LAN; a server that says nothing for this long is as good as gone. */
const ANSWER_MS: Milliseconds = 5_000;

/** Quick at first, since a restarted server is back within seconds; a class of 60 spreads itself by the jitter. */
const RECONNECT_MS: Milliseconds = 250;
const LONGEST_RECONNECT_MS: Milliseconds = 3_000;

export interface SignalingListener {
  /** The socket is there, again perhaps: time to enter. */
  connected(): void;
  disconnected(): void;
  member(member: Member): void;
  gone(id: NodeId): void;
  room(room: RoomInfo): void;
  signal(from: NodeId, nonce: string, signal: Signal): void;
  network(document: NetworkDocument): void;
  /** Resolves when it is done or refused; soon, since the teacher waits for it. */
  act(act: NodeAct): Promise<ActAnswer>;
  refused(refusal: Refusal): void;
  out(refusal: Refusal): void;
}

const NO_ANSWER: Refusal = {
  code: 'closing',
  message: 'The server does not answer. Is it still running?',
};

const TOO_LARGE = {
  ok: false,
  refusal: { code: 'too-large', message: TOO_LARGE_TEXT },
} as const;

/** The tab's end of the control plane. It reconnects for as long as it runs. */
export class SignalingClient implements SignalPost {
  #socket: Socket<ServerToTab, TabToServer>;
  #entered = false;

  constructor(listener: SignalingListener) {
    this.#socket = io({
      transports: ['websocket'],
      autoConnect: false,
      reconnectionDelay: RECONNECT_MS,
      reconnectionDelayMax: LONGEST_RECONNECT_MS,
      randomizationFactor: 0.5,
    });
    this.#socket.on('connect', () => listener.connected());
    this.#socket.on('disconnect', (reason) => {
      this.#entered = false;
      listener.disconnected();
      // The one case in which socket.io does not come back by itself.
      if (reason === 'io server disconnect') this.#socket.connect();
    });
    this.#socket.on('connect_error', () => listener.disconnected());
    this.#socket.on('member', (member) => listener.member(member));
    this.#socket.on('gone', (id) => listener.gone(id));
    this.#socket.on('room', (room) => listener.room(room));
    this.#socket.on('signal', ({ from, nonce, signal }) => listener.signal(from, nonce, signal));
    this.#socket.on('network', (document) => listener.network(document));
    this.#socket.on('act', (act, reply) => void listener.act(act).then(reply));
    this.#socket.on('there', (reply) => reply());
    this.#socket.on('refused', (refusal) => listener.refused(refusal));
    this.#socket.on('out', (refusal) => {
      this.stop();
      listener.out(refusal);
    });
  }

  start(): void {
    this.#socket.connect();
  }

  stop(): void {
    this.#entered = false;
    this.#socket.disconnect();
  }

  /** In the room, so that signals can go by the server. */
  get connected(): boolean {
    return this.#entered && this.#socket.connected;
  }

  async enter(enter: Enter): Promise<Answer<Admission>> {
    const answer = await this.#ask<Admission>((reply) => this.#timed().emit('enter', enter, reply));
    this.#entered = answer.ok;
    return answer;
  }

  signal(relay: Relay): void {
    this.#socket.emit('signal', relay);
  }

  present(present: Present): Promise<Answer<object>> {
    return this.#ask((reply) => this.#timed().emit('present', present, reply));
  }

  settings(settings: Settings): Promise<Answer<{ room: RoomInfo }>> {
    return this.#ask((reply) => this.#timed().emit('settings', settings, reply));
  }

  remove(id: NodeId): Promise<Answer<object>> {
    return this.#ask((reply) => this.#timed().emit('remove', { id }, reply));
  }

  end(): Promise<Answer<object>> {
    return this.#ask((reply) => this.#timed().emit('end', reply));
  }

  async network(change: NetworkChange): Promise<Answer<{ document: NetworkDocument }>> {
    // The server would close the connection, and this page would wait for an answer in vain.
    if (JSON.stringify(change).length > MAX_CHANGE_CHARACTERS) return TOO_LARGE;
    return this.#ask((reply) => this.#timed().emit('network', change, reply));
  }

  act(act: NodeAct): Promise<Answer<object>> {
    return this.#ask((reply) => this.#timed().emit('act', act, reply));
  }

  leave(): void {
    this.#socket.emit('leave');
    this.stop();
  }

  #timed() {
    return this.#socket.timeout(ANSWER_MS);
  }

  #ask<Value>(
    emit: (reply: (error: Error | null, answer: Answer<Value>) => void) => void,
  ): Promise<Answer<Value>> {
    return new Promise((resolve) => {
      emit((error, answer) => resolve(error ? { ok: false, refusal: NO_ANSWER } : answer));
    });
  }
}
