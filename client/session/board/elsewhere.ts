import {
  keyOf,
  kindOf,
  type Intent,
  type ReplicaKey,
  type Seen,
} from '../../../src/merge/intent.ts';
import { mayLack, type Other } from '../../../src/merge/known-of-others.ts';
import type { IntentRecord } from '../../../src/merge/ledger/record.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import type { PeerView } from '../snapshots.ts';
import { fieldId, type FieldPicture } from './board-picture.ts';

/** Edits of one field that somebody else may lack. */
export interface UnseenPicture extends Pick<FieldPicture, 'kind' | 'key'> {
  readonly edits: number;
  /** Who they are, by name. */
  readonly by: readonly string[];
}

/** How other boards stand to this one, as far as this node knows: plain data. */
export interface ElsewherePicture {
  /** Whose boards are known at all, and how many of them are in reach. */
  readonly known: number;
  readonly inReach: number;
  /** Those out of reach, by name: what they write nobody here knows. */
  readonly away: readonly string[];
  /** Those in reach that were told and still lack something. */
  readonly behind: readonly string[];
  /** Edits that anybody may lack. */
  readonly edits: number;
  readonly fields: readonly UnseenPicture[];
}

export const ALONE: ElsewherePicture = {
  ...{ known: 0, inReach: 0, away: [], behind: [], edits: 0, fields: [] },
};

type Peer = Pick<PeerView, 'id' | 'name' | 'verdict' | 'link' | 'state'>;

interface Watched extends Other {
  readonly name: string;
  readonly inReach: boolean;
}

/**
 * What of this board the others may not have. In a split nobody can ask them, so this is what they
 * said last; of those in reach it is what they still say they lack, although they were told.
 */
export function elsewhereOf(
  records: readonly IntentRecord[],
  others: ReadonlyMap<NodeId, Other>,
  peers: readonly Peer[],
): ElsewherePicture {
  const watched = peers.flatMap((peer): Watched[] => {
    const other = peer.state === 'left' ? undefined : others.get(peer.id);
    return other ? [{ ...other, name: peer.name, inReach: isInReach(peer) }] : [];
  });
  const fields = new Map<string, UnseenPicture>();
  const behind = new Set<string>();
  let edits = 0;
  const everybody = knownToAll(watched);
  for (const { intent } of records) {
    const { number } = intent;
    const author = keyOf(intent.author);
    if (number <= (everybody.get(author) ?? 0)) continue;
    const lacking = watched.filter((each) => mayLack(each, author, number, each.inReach));
    if (lacking.length === 0) continue;
    edits += 1;
    add(fields, intent, lacking);
    for (const { name, inReach } of lacking) if (inReach) behind.add(name);
  }
  const away = watched.filter(({ inReach }) => !inReach).map(({ name }) => name);
  return {
    ...{ known: watched.length, inReach: watched.length - away.length, away },
    ...{ behind: [...behind], edits, fields: [...fields.values()] },
  };
}

/** Of a long board it is almost all, and then one look is enough. */
function knownToAll(watched: readonly Watched[]): Seen {
  const least = new Map<ReplicaKey, number>(watched[0]?.seen);
  for (const [key, count] of least)
    least.set(key, Math.min(count, ...watched.map(({ seen }) => seen.get(key) ?? 0)));
  return least;
}

function isInReach({ verdict, link }: Peer): boolean {
  return verdict === 'alive' && link !== 'cut';
}

function add(fields: Map<string, UnseenPicture>, { deed }: Intent, lacking: readonly Watched[]) {
  const field = { kind: kindOf(deed), key: deed.key };
  const known = fields.get(fieldId(field)) ?? { ...field, edits: 0, by: [] };
  const by = [...new Set([...known.by, ...lacking.map(({ name }) => name)])];
  fields.set(fieldId(field), { ...field, edits: known.edits + 1, by });
}

/** Looks again only when something of it has changed: of a long board it takes a while. */
export class Elsewhere {
  #basis = '';
  #picture = ALONE;

  look(
    records: readonly IntentRecord[],
    others: ReadonlyMap<NodeId, Other>,
    peers: readonly Peer[],
  ): ElsewherePicture {
    const told = Array.from(others, ([id, { seen, owed }]) => [id, sum(seen), sum(owed)]);
    const reach = peers.map((peer) => [peer.id, peer.name, peer.state, isInReach(peer)]);
    const basis = JSON.stringify([records.length, told, reach]);
    if (basis !== this.#basis) this.#picture = elsewhereOf(records, others, peers);
    this.#basis = basis;
    return this.#picture;
  }
}

function sum(counts: Other['seen']): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
