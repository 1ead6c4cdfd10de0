import type { Atom, EngineName } from './engine.ts';
import { idOf, keyOf, type IntentId, type Replica, type ReplicaKey, type Seen } from './intent.ts';
import type { Effect, IntentRecord } from './ledger/record.ts';
import type { ToldEffect, ToldRecord } from './messages.ts';

/**
 * A record as it is told and stored. Of what its author had seen only what was new since its intent
 * before is in it: whoever has that one, and all have, knows the rest.
 */
export function toTold({ intent, effects }: IntentRecord, before: Seen): ToldRecord {
  const { author, number, seen, wall, deed } = intent;
  const self = keyOf(author);
  const news = [...seen]
    .filter(([key, count]) => key !== self && count > (before.get(key) ?? 0))
    .map(([key, count]) => ({ ...replicaOf(key), count }));
  return { ...author, number, news, wall, deed, effects: toldEffects(effects) };
}

/** @param before what the author had seen at its intent before this one */
export function fromTold(told: ToldRecord, before: Seen): IntentRecord {
  const { node, life, number, news, wall, deed } = told;
  const author = { node, life };
  const seen = new Map(before);
  for (const { count, ...replica } of news) seen.set(keyOf(replica), count);
  seen.set(keyOf(author), number);
  const effects = new Map<EngineName, Effect>();
  for (const { engines, made, shown, took } of told.effects) {
    const effect = { made, shown, took: took.flatMap(atomsIn) };
    for (const engine of engines) effects.set(engine, effect);
  }
  return { intent: { author, number, seen, wall, deed }, effects };
}

/** Engines mostly agree, so what they did alike is told once. */
function toldEffects(effects: IntentRecord['effects']): ToldEffect[] {
  const alike = new Map<string, ToldEffect>();
  for (const [engine, { made, shown, took }] of effects) {
    const told = { engines: [engine], made, shown, took: takenBy(took) };
    const key = JSON.stringify([made, shown, told.took]);
    const same = alike.get(key);
    if (same === undefined) alike.set(key, told);
    else same.engines.push(engine);
  }
  return [...alike.values()];
}

type Taken = ToldEffect['took'][number];

/** In order, so that equal sets are told alike. */
function takenBy(atoms: readonly Atom[]): Taken[] {
  const byAuthor = new Map<ReplicaKey, [number: number, index: number][]>();
  for (const { intent, index } of atoms) {
    const { author, number } = partsOf(intent);
    const own = byAuthor.get(author);
    if (own === undefined) byAuthor.set(author, [[number, index]]);
    else own.push([number, index]);
  }
  return [...byAuthor]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([author, own]) => ({ ...replicaOf(author), runs: runsOf(own) }));
}

function runsOf(atoms: [number: number, index: number][]): number[] {
  const runs: number[] = [];
  for (const [number, index] of atoms.sort(([a, i], [b, j]) => a - b || i - j)) {
    const last = runs.length - 1;
    if (runs[last - 2] === number && runs[last] === index - 1) runs[last] = index;
    else runs.push(number, index, index);
  }
  return runs;
}

function atomsIn({ node, life, runs }: Taken): Atom[] {
  const atoms: Atom[] = [];
  for (let i = 0; i < runs.length; i += 3) {
    const [number, first, last] = runs.slice(i, i + 3) as [number, number, number];
    const intent = idOf({ author: { node, life }, number });
    for (let index = first; index <= last; index++) atoms.push({ intent, index });
  }
  return atoms;
}

/** Ids are made by `keyOf` and `idOf`; neither part of one has a slash. */
export function replicaOf(key: ReplicaKey): Replica {
  const at = key.indexOf('/');
  return { node: key.slice(0, at) as Replica['node'], life: Number(key.slice(at + 1)) };
}

function partsOf(id: IntentId): { author: ReplicaKey; number: number } {
  const at = id.lastIndexOf('/');
  return { author: id.slice(0, at) as ReplicaKey, number: Number(id.slice(at + 1)) };
}
