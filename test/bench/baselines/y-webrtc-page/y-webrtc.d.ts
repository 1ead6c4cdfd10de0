/** The part of y-webrtc 10.3 that the page uses; its own types are out of reach behind its exports. */
declare module 'y-webrtc' {
  import type { Doc } from 'yjs';

  export class WebrtcProvider {
    constructor(
      room: string,
      doc: Doc,
      options: {
        signaling: readonly string[];
        maxConns: number;
        filterBcConns: boolean;
        peerOpts: { config: RTCConfiguration };
      },
    );
    /** Null until it has been opened. */
    readonly room: {
      readonly webrtcConns: ReadonlyMap<string, { readonly connected: boolean }>;
      readonly bcConns: ReadonlySet<string>;
    } | null;
  }
}
