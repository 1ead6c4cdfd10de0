import type {
  AttemptSignal,
  ConnectionLane,
  ConnectionListener,
} from '../../client/platform/connection.ts';
import type { SendOutcome } from '../../src/wire/lane.ts';

/** Who has called, by the description that it sent. */
const callers = new Map<string, Connection>();

/**
 * Takes the place of a WebRTC connection where there is no browser, so that what tabs decide about
 * their links can be tested: signals pair two ends, and what is sent arrives in the next task.
 */
export class Connection {
  readonly managementBacklogBytes = 0;
  #listener: ConnectionListener;
  #other: Connection | null = null;
  #open = false;
  #closed = false;

  constructor(calls: boolean, _iceServers: unknown, listener: ConnectionListener) {
    this.#listener = listener;
    if (!calls) return;
    const sdp = `call ${callers.size + 1}`;
    callers.set(sdp, this);
    queueMicrotask(() => this.#listener.signal({ type: 'offer', sdp }));
  }

  signal(signal: AttemptSignal): void {
    if (signal.type === 'offer') {
      this.#other = callers.get(signal.sdp)!;
      this.#other.#other = this;
      this.#listener.signal({ type: 'answer', sdp: signal.sdp });
    } else if (signal.type === 'answer') {
      for (const end of [this, this.#other!]) queueMicrotask(() => end.#opened());
    }
  }

  sendStream(chunks: readonly Uint8Array[]): SendOutcome {
    for (const chunk of chunks) this.#send('stream', chunk);
    return 'sent';
  }

  sendDatagram(bytes: Uint8Array): SendOutcome {
    this.#send('datagram', bytes);
    return 'sent';
  }

  sendManagement(bytes: Uint8Array): void {
    this.#send('management', bytes);
  }

  path(): Promise<'host'> {
    return Promise.resolve('host');
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.close('closed-here');
    const other = this.#other;
    if (other !== null) queueMicrotask(() => other.#closedThere());
  }

  #opened(): void {
    if (this.#closed) return;
    this.#open = true;
    this.#listener.open();
  }

  #closedThere(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.close('closed-there');
  }

  #send(lane: ConnectionLane, bytes: Uint8Array): void {
    const other = this.#other;
    if (!this.#open || this.#closed || other === null) return;
    queueMicrotask(() => {
      if (!other.#closed) other.#listener.message(lane, bytes);
    });
  }
}
