import SimplePeer, { type SimplePeerSignal } from 'simple-peer/simplepeer.min.js';
import { io } from 'socket.io-client';

/**
 * What every tutorial builds: a full mesh of simple-peer over a socket.io relay. No retries, no
 * identity, no clocks, no picture. The lower id calls, so that no two calls cross.
 */

interface Admission {
  readonly members: readonly { readonly id: string }[];
  readonly stunPort: number | null;
}

const self = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) =>
  byte.toString(16).padStart(2, '0'),
).join('');
const peers = new Map<string, { peer: SimplePeer; link: 'connecting' | 'open' | 'closed' }>();
let iceServers: RTCIceServer[] = [];

const socket = io({ transports: ['websocket'] });

function connect(id: string): SimplePeer {
  const peer = new SimplePeer({
    initiator: self < id,
    config: { iceServers },
    objectMode: true,
  });
  const entry = { peer, link: 'connecting' as 'connecting' | 'open' | 'closed' };
  peers.set(id, entry);
  peer.on('signal', (signal) => socket.emit('signal', { to: id, nonce: '0', signal }));
  peer.on('connect', () => (entry.link = 'open'));
  peer.on('close', () => (entry.link = 'closed'));
  peer.on('error', () => (entry.link = 'closed'));
  return peer;
}

socket.on('member', ({ id }: { id: string }) => {
  if (!peers.has(id)) connect(id);
});
socket.on('signal', ({ from, signal }: { from: string; signal: SimplePeerSignal }) => {
  (peers.get(from)?.peer ?? connect(from)).signal(signal);
});
socket.emit('enter', { id: self, room: location.pathname }, (admission: Admission) => {
  if (admission.stunPort !== null)
    iceServers = [{ urls: `stun:${location.hostname}:${admission.stunPort}` }];
  for (const { id } of admission.members) if (!peers.has(id)) connect(id);
});

/** The same question as on our page, so that one clock measures both. */
Object.assign(window, {
  netsplit: { peers: () => Array.from(peers, ([id, { link }]) => ({ id, link })) },
});
