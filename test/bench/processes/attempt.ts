import type { Signal } from '../../../src/wire/signaling-messages.ts';

/** The signals of one connection attempt, of the sizes that Chromium makes. */

const SDP = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:Wq9R',
  'a=ice-pwd:7kzZyTMvBqGxUo3m0r8nHf2s',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, (_, i) => (i * 7 + 16).toString(16)).join(':')}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=sctp-port:5000',
  'a=max-message-size:262144',
  '',
].join('\r\n');

const CANDIDATE: Signal = {
  type: 'candidate',
  candidate: {
    candidate:
      'candidate:3406286271 1 udp 2113937151 b1c5f9d2-1f9e-4c57-9d0b-1f0a4f6a9c11.local 51472 typ host generation 0 ufrag Wq9R network-cost 999',
    sdpMid: '0',
    sdpMLineIndex: 0,
  },
};

/** In turn from the caller and from the called, as they cross in trickle ICE. */
export const ATTEMPT: readonly Signal[] = [
  { type: 'offer', sdp: SDP },
  { type: 'answer', sdp: SDP },
  CANDIDATE,
  CANDIDATE,
  CANDIDATE,
  CANDIDATE,
];
