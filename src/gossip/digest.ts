import { sourceKey, type SourceRun } from './broadcast.ts';
import type { BroadcastStore } from './broadcast-store.ts';
import { MAX_RUNS_TOLD, type HeardOf } from './messages.ts';
import { lengthOf, missing, runsOf } from './sequences.ts';

/** What a node has heard of every source, its own life included: a few bytes a source. */
export function digestOf(store: BroadcastStore): HeardOf[] {
  return Array.from(store.sources(), ({ origin, life, heard }) => ({
    ...{ origin, life, upTo: heard.upTo },
    beyond: heard.beyond.slice(0, MAX_RUNS_TOLD).map(({ first, last }) => ({ first, last })),
  }));
}

/** The same in one number, and how many broadcasts that is: equal for nodes that have heard the same. */
export function summaryOf(store: BroadcastStore): { hash: number; heard: number } {
  let hash = 0;
  let heard = 0;
  for (const source of store.sources()) {
    if (source.heard.newest === 0) continue;
    let mixed = hashOfText(source.key);
    for (const { first, last } of runsOf(source.heard)) {
      mixed = mix(mix(mixed, first), last);
      heard += lengthOf({ first, last });
    }
    // A sum does not depend on who was heard first.
    hash = (hash + mixed) >>> 0;
  }
  return { hash, heard };
}

/** What somebody with that digest could give to this node. */
export function lackingOf(store: BroadcastStore, digest: readonly HeardOf[]): SourceRun[] {
  return digest.flatMap(({ origin, life, ...theirs }) =>
    runsOf(theirs).flatMap((run) => store.lacking({ origin, life, ...run })),
  );
}

/** Has this node heard of anything that somebody with that digest has not? */
export function isAheadOf(store: BroadcastStore, digest: readonly HeardOf[]): boolean {
  const theirs = new Map(digest.map((heard) => [sourceKey(heard.origin, heard.life), heard]));
  for (const { key, heard } of store.sources()) {
    const known = theirs.get(key) ?? { upTo: 0, beyond: [] };
    if (runsOf(heard).some((run) => missing(known, run).length > 0)) return true;
  }
  return false;
}

/** By FNV-1a. */
function hashOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

function mix(hash: number, number: number): number {
  const mixed = Math.imul(hash ^ number, 0x21f0aaad);
  return Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97) ^ (mixed >>> 13);
}
