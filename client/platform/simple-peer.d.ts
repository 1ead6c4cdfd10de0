/** The part of simple-peer 9.11 that this project uses, two of its inner members included. */
declare module 'simple-peer/simplepeer.min.js' {
  export interface SimplePeerOptions {
    initiator: boolean;
    config: RTCConfiguration;
    /** Keeps each channel message a separate `data` event. */
    objectMode: true;
  }

  export type SimplePeerSignal =
    | { type: 'offer' | 'answer'; sdp: string }
    | { type: 'candidate'; candidate: RTCIceCandidateInit }
    | { type: 'renegotiate' }
    | { type: 'transceiverRequest' };

  export default class SimplePeer {
    static readonly WEBRTC_SUPPORT: boolean;
    constructor(options: SimplePeerOptions);
    readonly destroyed: boolean;
    /** Null once destroyed. */
    readonly _pc: RTCPeerConnection | null;
    /** The in-band channel; the answering side has it only after the other's has arrived. */
    readonly _channel: RTCDataChannel | null;
    /** Called by itself when a connection opens, only to tell the addresses in use. */
    getStats(answer: (error: Error | null, reports: readonly object[]) => void): void;
    signal(signal: SimplePeerSignal): void;
    destroy(error?: Error): void;
    on(event: 'signal', listener: (signal: SimplePeerSignal) => void): this;
    on(event: 'connect', listener: () => void): this;
    on(event: 'data', listener: (bytes: Uint8Array | string) => void): this;
    on(event: 'close', listener: () => void): this;
    on(event: 'error', listener: (error: Error & { code?: string }) => void): this;
  }
}
