import SimplePeer, { type SimplePeerSignal } from 'simple-peer/simplepeer.min.js';
import type { SendOutcome } from '../../src/wire/lane.ts';
import type { Path } from '../../src/wire/link-messages.ts';
import type { Signal } from '../../src/wire/signaling-messages.ts';

/**
 * One WebRTC connection attempt and, if it succeeds, the connection: three lanes of bytes to one
 * other tab. Nothing else in the project knows simple-peer, or that there is an RTCPeerConnection.
 */

/** A channel of its own beside simple-peer's must be negotiated; an in-band one would replace simple-peer's. */
const DATAGRAM_CHANNEL = 10;
const MANAGEMENT_CHANNEL = 12;

/** The browser's own buffer is topped up to this and refilled when it has drained to a quarter: no bubble on a fast LAN, and no second of lag in front of a bye. */
const STREAM_HIGH_WATER_BYTES = 256 * 1024;
const STREAM_LOW_WATER_BYTES = 64 * 1024;

/** What may wait for the stream to drain; beyond it the sender is told `overflow`. Four of the largest frames. */
export const MAX_STREAM_BACKLOG_BYTES = 4 * 1024 * 1024;

/** Datagrams are for what is fresh: with this much waiting, a newer one is dropped. */
export const MAX_DATAGRAM_BACKLOG_BYTES = 64 * 1024;

export type ConnectionLane = 'stream' | 'datagram' | 'management';

export type CloseReason =
  /** This side closed it. */
  | 'closed-here'
  /** The other side closed it, or its tab went away. */
  | 'closed-there'
  /** No path was found, or it broke. */
  | 'unreachable'
  /** WebRTC itself refused: bad signals, or no support. */
  | 'failed';

/** What makes a connection. A knock only asks for one. */
export type AttemptSignal = Exclude<Signal, { type: 'knock' }>;

export interface ConnectionListener {
  /** To be carried to the other side, in order. */
  signal(signal: AttemptSignal): void;
  /** Candidates are being tried. */
  trying(): void;
  /** All three lanes are open. */
  open(): void;
  message(lane: ConnectionLane, bytes: Uint8Array): void;
  /** Once, last of all. */
  close(reason: CloseReason): void;
}

export function webRtcSupported(): boolean {
  return SimplePeer.WEBRTC_SUPPORT;
}

export class Connection {
  #peer: SimplePeer;
  #datagram: RTCDataChannel;
  #management: RTCDataChannel;
  #listener: ConnectionListener;
  #backlog: Uint8Array[] = [];
  #backlogBytes = 0;
  #reason: CloseReason = 'closed-there';
  #opened = false;
  #streamReady = false;
  #closed = false;

  /** Begins at once. @param calls whether this side makes the offer */
  constructor(calls: boolean, iceServers: RTCIceServer[], listener: ConnectionListener) {
    this.#listener = listener;
    this.#peer = new SimplePeer({ initiator: calls, config: { iceServers }, objectMode: true });
    this.#peer.getStats = answerWithoutStatistics;
    const peerConnection = this.#peer._pc;
    if (!peerConnection) throw new Error('this browser makes no peer connections');
    this.#datagram = peerConnection.createDataChannel('datagram', {
      negotiated: true,
      id: DATAGRAM_CHANNEL,
      ordered: false,
      maxRetransmits: 0,
    });
    this.#management = peerConnection.createDataChannel('management', {
      negotiated: true,
      id: MANAGEMENT_CHANNEL,
    });
    this.#listen(peerConnection);
  }

  signal(signal: AttemptSignal): void {
    if (this.#closed || this.#peer.destroyed) return;
    if (signal.type !== 'candidate') return this.#peer.signal(signal);
    const { candidate, sdpMid, sdpMLineIndex } = signal.candidate;
    this.#peer.signal({
      type: 'candidate',
      candidate: { candidate, sdpMid: sdpMid ?? null, sdpMLineIndex: sdpMLineIndex ?? null },
    });
  }

  /** Reliable and in order; `chunks` are sent together or not at all. */
  sendStream(chunks: readonly Uint8Array[]): SendOutcome {
    if (!this.#opened || this.#closed) return 'no-link';
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (this.#backlogBytes + bytes > MAX_STREAM_BACKLOG_BYTES) return 'overflow';
    this.#backlog.push(...chunks);
    this.#backlogBytes += bytes;
    this.#drain();
    return 'sent';
  }

  sendDatagram(bytes: Uint8Array): SendOutcome {
    if (!this.#opened || this.#closed || this.#datagram.readyState !== 'open') return 'no-link';
    if (this.#datagram.bufferedAmount > MAX_DATAGRAM_BACKLOG_BYTES) return 'overflow';
    this.#datagram.send(bytes as Uint8Array<ArrayBuffer>);
    return 'sent';
  }

  /** Management messages that have not left yet. */
  get managementBacklogBytes(): number {
    return this.#management.bufferedAmount;
  }

  /** Small, rare and never shaped. */
  sendManagement(bytes: Uint8Array): void {
    if (this.#management.readyState === 'open') {
      this.#management.send(bytes as Uint8Array<ArrayBuffer>);
    }
  }

  /** How the connection found its way; null while it is not known. */
  async path(): Promise<Path | null> {
    const peerConnection = this.#peer._pc;
    if (!peerConnection) return null;
    const kinds = selectedKinds(peerConnection) ?? (await selectedKindsFromStats(peerConnection));
    if (kinds.length === 0) return null;
    if (kinds.includes('relay')) return 'relay';
    // An address that only the other side saw (prflx) was as much learned from outside as one that a STUN server saw.
    return kinds.some((kind) => kind === 'srflx' || kind === 'prflx') ? 'srflx' : 'host';
  }

  close(): void {
    if (this.#closed) return;
    this.#reason = 'closed-here';
    this.#peer.destroy();
  }

  #listen(peerConnection: RTCPeerConnection): void {
    const peer = this.#peer;
    peer.on('signal', (signal) => {
      const carried = asSignal(signal);
      if (carried) this.#listener.signal(carried);
    });
    peerConnection.addEventListener('iceconnectionstatechange', () => {
      if (peerConnection.iceConnectionState === 'checking') this.#listener.trying();
    });
    peer.on('connect', () => {
      this.#streamReady = true;
      this.#openIfReady();
    });
    peer.on('data', (bytes) => {
      if (typeof bytes !== 'string') this.#listener.message('stream', bytes);
    });
    peer.on('error', (error) => {
      if (this.#reason === 'closed-there') this.#reason = reasonOf(error.code);
    });
    peer.on('close', () => {
      if (this.#closed) return;
      this.#closed = true;
      this.#backlog = [];
      this.#listener.close(this.#reason);
    });
    for (const [lane, channel] of [
      ['datagram', this.#datagram],
      ['management', this.#management],
    ] as const) {
      channel.binaryType = 'arraybuffer';
      channel.onopen = () => this.#openIfReady();
      channel.onmessage = (event: MessageEvent<ArrayBuffer | string>) => {
        if (this.#closed || typeof event.data === 'string') return;
        this.#listener.message(lane, new Uint8Array(event.data));
      };
    }
  }

  #openIfReady(): void {
    const lanesOpen =
      this.#datagram.readyState === 'open' && this.#management.readyState === 'open';
    if (this.#opened || this.#closed || !this.#streamReady || !lanesOpen) return;
    this.#opened = true;
    const stream = this.#stream();
    stream.bufferedAmountLowThreshold = STREAM_LOW_WATER_BYTES;
    stream.addEventListener('bufferedamountlow', () => this.#drain());
    this.#listener.open();
  }

  #drain(): void {
    if (this.#closed || this.#peer.destroyed) return;
    const stream = this.#stream();
    let sent = 0;
    while (sent < this.#backlog.length && stream.readyState === 'open') {
      if (stream.bufferedAmount >= STREAM_HIGH_WATER_BYTES) break;
      const chunk = this.#backlog[sent++]!;
      this.#backlogBytes -= chunk.length;
      stream.send(chunk as Uint8Array<ArrayBuffer>);
    }
    this.#backlog.splice(0, sent);
  }

  #stream(): RTCDataChannel {
    const stream = this.#peer._channel;
    if (!stream) throw new Error('an open connection has a stream');
    return stream;
  }
}

/**
 * simple-peer gathers statistics of every connection that opens, for addresses that nobody here asks
 * for. It only wants to see a pair of candidates.
 */
function answerWithoutStatistics(answer: (error: null, reports: readonly object[]) => void): void {
  answer(null, [{ id: 'in use', type: 'candidate-pair' }]);
}

/** Of the two ends of the pair in use. Where the browser has it, it costs nothing; statistics do. */
function selectedKinds(connection: RTCPeerConnection): string[] | undefined {
  const transport = connection.sctp?.transport.iceTransport as Partial<RTCIceTransport> | undefined;
  const pair = transport?.getSelectedCandidatePair?.();
  if (!pair?.local?.type || !pair.remote?.type) return undefined;
  return [pair.local.type, pair.remote.type];
}

interface Stats {
  readonly id: string;
  readonly type: string;
  readonly selectedCandidatePairId?: string;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly candidateType?: string;
}

async function selectedKindsFromStats(connection: RTCPeerConnection): Promise<string[]> {
  const report = (await connection.getStats()) as unknown as ReadonlyMap<string, Stats>;
  const stats = [...report.values()];
  const transport = stats.find((each) => each.type === 'transport' && each.selectedCandidatePairId);
  const pair = stats.find((each) => each.id === transport?.selectedCandidatePairId);
  return stats
    .filter((each) => each.id === pair?.localCandidateId || each.id === pair?.remoteCandidateId)
    .flatMap((each) => each.candidateType ?? []);
}

/** Data channels alone never renegotiate, so only three kinds of signal are ever carried. */
function asSignal(signal: SimplePeerSignal): AttemptSignal | undefined {
  if (signal.type === 'offer' || signal.type === 'answer') {
    return { type: signal.type, sdp: signal.sdp };
  }
  if (signal.type !== 'candidate') return undefined;
  const { candidate, sdpMid, sdpMLineIndex } = signal.candidate;
  return { type: 'candidate', candidate: { candidate: candidate ?? '', sdpMid, sdpMLineIndex } };
}

function reasonOf(code: string | undefined): CloseReason {
  switch (code) {
    // A tab that reloads or closes breaks its channel: a departure, not an error.
    case 'ERR_DATA_CHANNEL':
    case 'ERR_ICE_CONNECTION_CLOSED':
      return 'closed-there';
    case 'ERR_ICE_CONNECTION_FAILURE':
    case 'ERR_CONNECTION_FAILURE':
      return 'unreachable';
    default:
      return 'failed';
  }
}
