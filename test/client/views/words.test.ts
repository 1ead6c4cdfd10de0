import { describe, expect, it } from 'vitest';
import type { PeerView } from '../../../client/session/snapshots.ts';
import { lookOfPeer } from '../../../client/views/marks/node-look.ts';
import { belief, whyHeld } from '../../../client/views/words.ts';
import { testNodeId } from '../../support/node-ids.ts';

const peer = (change: Partial<PeerView> = {}): PeerView => ({
  id: testNodeId(1),
  name: 'Otter',
  link: 'open',
  rung: 'joined',
  path: 'host',
  rttMs: 8,
  verdict: 'alive',
  state: 'alive',
  reason: 'it answered the last question',
  suspectedBy: [],
  silentMs: 120,
  plugged: true,
  trouble: null,
  ...change,
});
const suspect = { verdict: 'suspect', state: 'suspect', silentMs: 1_240 } as const;
const dead = { verdict: 'dead', state: 'dead', silentMs: 9_400 } as const;

describe('what a node says of another', () => {
  it.each<[Partial<PeerView>, boolean, string, string]>([
    [{}, false, 'answers in 8 ms', 'joined'],
    [{ rttMs: null }, false, 'linked', 'joined'],
    [{ link: 'closed' }, false, 'no link to it', 'dead'],
    [{ link: 'closed' }, true, 'there, as I hear', 'joined'],
    [{ link: 'closed', ...dead }, true, 'silent for 9.4 s: I take it for dead', 'dead'],
    [{ link: 'connecting' }, false, 'connecting', 'joining'],
    [{ link: 'connecting', ...suspect }, false, 'connecting', 'joining'],
    [{ link: 'connecting', ...dead }, false, 'silent for 9.4 s: I take it for dead', 'dead'],
    [suspect, false, 'silent for 1.2 s: I suspect it', 'suspected'],
    [{ link: 'cut' }, false, 'the link is cut', 'joined'],
    [{ link: 'cut', ...suspect }, false, 'the link is cut: I suspect it', 'suspected'],
    [{ verdict: 'dead', state: 'left' }, false, 'has left', 'dead'],
    [{ plugged: false, ...dead }, false, 'has pulled its plug', 'unplugged'],
  ])('%j, a few neighbours %s: %s', (change, partial, said, look) => {
    expect(belief(peer(change), partial)).toBe(said);
    expect(lookOfPeer(peer(change), partial)).toBe(look);
  });

  it('says why, and who else thinks so, but only where there is something to explain', () => {
    expect(whyHeld(peer())).toBe('');
    expect(whyHeld(peer({ ...suspect, reason: 'asked 1.2 s ago', suspectedBy: ['Lynx', 'Mole'] }))).toBe('Asked 1.2\u00a0s ago. Suspected by Lynx and Mole.'); // prettier-ignore
    expect(whyHeld(peer({ ...dead, reason: '' }))).toBe('');
  });
});
