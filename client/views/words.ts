import { listOf } from '../ui/list.ts';
import type { NodeState, Path, Rung } from '../../src/wire/link-messages.ts';
import type { Json, Milliseconds } from '../../src/vocabulary.ts';
import type { DiskTrouble } from '../platform/disk/disk-trouble.ts';
import type { PeerView } from '../session/snapshots.ts';

/** How the pages say things. Short words, whole sentences, the same ones everywhere. */

export const STATE_WORDS: { readonly [State in NodeState]: string } = {
  joining: 'joining',
  joined: 'in the mesh',
  unplugged: 'unplugged',
  paused: 'paused',
  crashed: 'crashed',
  isolated: 'reaches nobody',
};

const FORGETS = 'A reload or a crash makes my node forget everything.';

export const DISK_WORDS: { readonly [T in DiskTrouble]: string } = {
  refused: `This browser stores nothing for this page; a private window may be why. ${FORGETS}`,
  blocked: `This browser did not open its storage in time. ${FORGETS}`,
  full: `This browser has no room left to store anything. ${FORGETS}`,
  broken: `This browser’s storage failed. ${FORGETS}`,
};

export const PATH_WORDS: { readonly [P in Path]: { readonly word: string; readonly why: string } } =
  {
    host: {
      word: 'direct',
      why: 'Straight from one device to the other, inside the same network.',
    },
    srflx: {
      word: 'direct, by STUN',
      why: 'Straight from one device to the other. A STUN server told them the addresses to use.',
    },
    relay: {
      word: 'through a helper',
      why: 'The two devices cannot reach each other, so a relay server passes every packet on.',
    },
  };

/** The rungs that are drawn. `waiting` is the ground below the ladder. */
export const LADDER = ['signaled', 'offered', 'candidates', 'channel', 'joined'] as const;

export const RUNG_WORDS: { readonly [R in Rung]: { readonly word: string; readonly now: string } } =
  {
    waiting: { word: 'waiting', now: 'It waits for its turn to be called.' },
    signaled: { word: 'signaled', now: 'The server has passed on that we want to talk.' },
    offered: { word: 'offered', now: 'One has said how it can talk; the other is answering.' },
    candidates: { word: 'candidates', now: 'We try the addresses at which each can be reached.' },
    channel: { word: 'channel', now: 'A channel is open. We tell each other our names.' },
    joined: { word: 'joined', now: 'We are linked.' },
  };

/** '8 ms', '0.4 ms', '3.4 s', '2 min'. */
export function duration(ms: Milliseconds): string {
  if (ms < 1) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min`;
}

/** '10:42:07.310' in this place's time. */
export function timeOfDay(wall: Milliseconds): string {
  const at = new Date(wall);
  const two = (value: number): string => String(value).padStart(2, '0');
  const ms = String(at.getMilliseconds()).padStart(3, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

/** 'Otter', 'Otter and Lynx', 'Otter, Lynx and 3 more'. */
export function named(names: readonly string[], most = 3): string {
  const shown = names.length > most ? names.slice(0, most - 1) : names;
  const rest = names.length - shown.length;
  return listOf(rest === 0 ? shown : [...shown, `${rest} more`]);
}

/**
 * What one node may say of another, from what it has itself heard.
 *
 * @param partial each node keeps a few neighbours, and hears of the others through them
 */
export function belief(peer: PeerView, partial: boolean): string {
  if (!peer.plugged) return 'has pulled its plug';
  if (peer.state === 'left') return 'has left';
  if (peer.link === 'cut') return `the link is cut${held(peer, ': ')}`;
  if (peer.link === 'connecting' && peer.verdict !== 'dead') return 'connecting';
  if (peer.verdict !== 'alive') {
    const silent = peer.silentMs === null ? 'silent' : `silent for ${duration(peer.silentMs)}`;
    return silent + held(peer, ': ');
  }
  if (peer.link === 'closed') return partial ? 'there, as I hear' : 'no link to it';
  return peer.rttMs === null ? 'linked' : `answers in ${duration(peer.rttMs)}`;
}

function held({ verdict }: PeerView, before: string): string {
  if (verdict === 'alive') return '';
  return `${before}I ${verdict === 'dead' ? 'take it for dead' : 'suspect it'}`;
}

/** Why it is not held for alive, as a sentence; empty where there is nothing to explain. */
export function whyHeld({ verdict, reason, suspectedBy, plugged }: PeerView): string {
  if (verdict === 'alive' || !plugged) return '';
  const others = suspectedBy.length === 0 ? '' : `Suspected by ${named(suspectedBy)}.`;
  return [asSentence(reason), others].filter((words) => words !== '').join(' ');
}

/** What a protocol gives as its reason, between capital and full stop; no figure parts from its unit. */
export function asSentence(reason: string): string {
  if (reason === '') return '';
  const whole = reason.replace(/(\d) (?=m?s\b)/g, '$1\u00a0');
  return `${whole.charAt(0).toUpperCase()}${whole.slice(1)}.`;
}

/** A payload as people read it: text as itself, anything else as JSON. */
export function payloadText(payload: Json): string {
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
}
