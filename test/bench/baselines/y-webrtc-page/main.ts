import { WebrtcProvider } from 'y-webrtc';
import * as Y from 'yjs';
import type { Arrival } from '../../writing-tab.ts';

/**
 * y-webrtc as its README has it: one document with one Y.Map, an entry a write. Its signaling is its
 * own server; its STUN is ours, as for our page.
 */

/** More than a class has. y-webrtc draws its limit by lot, and then some would not find each other. */
const MAX_CONNECTIONS = 35;

/** Its messages begin with what they are; the others say who is there. */
const DOCUMENT_MESSAGE = 0;

const asked = new URLSearchParams(location.search);
const doc = new Y.Doc();
const provider = new WebrtcProvider(asked.get('room')!, doc, {
  signaling: [`ws://${location.hostname}:${asked.get('signaling')}`],
  maxConns: MAX_CONNECTIONS,
  filterBcConns: true,
  peerOpts: {
    config: { iceServers: [{ urls: `stun:${location.hostname}:${asked.get('stun')}` }] },
  },
});
const entries = doc.getMap<string>('entries');
const arrivals: Arrival[] = [];

const trueTime = () => performance.timeOrigin + performance.now();

entries.observe(({ keysChanged }) => {
  const at = trueTime();
  for (const key of keysChanged) if (key !== null) arrivals.push({ key, at });
});

window.writingTab = {
  links() {
    if (!provider.room) return 0;
    if (provider.room.bcConns.size > 0) throw new Error('two tabs talk over a BroadcastChannel');
    return [...provider.room.webrtcConns.values()].filter(({ connected }) => connected).length;
  },
  write(key, value) {
    const at = trueTime();
    entries.set(key, value);
    return at;
  },
  arrivals: () => arrivals,
  newsSent: () => window.channelMessages![DOCUMENT_MESSAGE]!,
};
