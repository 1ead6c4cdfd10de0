import fc from 'fast-check';
import type { Dot } from '../../../src/merge/dot.ts';
import { idOf, type Replica } from '../../../src/merge/intent.ts';
import { testNodeId } from '../../support/node-ids.ts';

/** What a session drives: one replica of one CRDT, or of a model of it. */
export interface Subject<Replica, Change> {
  make(): Replica;
  /** What an edit by these dice is called here; it changes nothing. Null if there is nothing to do. */
  edit(replica: Replica, dot: Dot, dice: Dice): Change | null;
  apply(replica: Replica, change: Change): void;
  /** All that can be seen of it from outside. */
  view(replica: Replica): unknown;
}

/** Whole numbers from 0 up, for whatever an edit has to choose. */
export type Dice = readonly [number, number, number];

/** Somebody edits, and then hears all that another knows, if there is one to hear. */
export interface Turn {
  readonly who: number;
  readonly dice: Dice;
  readonly hears: number | null;
}

export interface Written<Change> {
  readonly dot: Dot;
  readonly change: Change;
  /** The numbers, in the log, of all changes that its author knew. */
  readonly past: ReadonlySet<number>;
}

/** What was written by all, and in which order each replica came to know it. */
export interface Session<Replica, Change> {
  readonly log: readonly Written<Change>[];
  readonly replicas: readonly Replica[];
  readonly orders: readonly (readonly number[])[];
}

export const AUTHORS = 3;
const die = fc.nat(40);

export const turns: fc.Arbitrary<Turn[]> = fc.array(
  fc.record({
    who: fc.nat(AUTHORS - 1),
    dice: fc.tuple(die, die, die),
    hears: fc.option(fc.nat(AUTHORS - 1), { freq: 1 }),
  }),
  { maxLength: 40 },
);

const authorOf = (i: number): Replica => ({ node: testNodeId(i), life: 1 });

export const dotOf = (who: number, number: number): Dot => ({ author: authorOf(who), number });

export function play<Replica, Change>(
  { make, edit, apply }: Subject<Replica, Change>,
  script: readonly Turn[],
  check: (replica: Replica, change: Change | null) => void = () => {},
): Session<Replica, Change> {
  const log: Written<Change>[] = [];
  const replicas = Array.from({ length: AUTHORS }, make);
  const known = replicas.map(() => new Set<number>());
  const counts = replicas.map(() => 0);
  for (const { who, dice, hears } of script) {
    const replica = replicas[who]!;
    const dot = dotOf(who, (counts[who]! += 1));
    const change = edit(replica, dot, dice);
    if (change !== null) {
      apply(replica, structuredClone(change));
      known[who]!.add(log.push({ dot, change, past: new Set(known[who]) }) - 1);
    }
    check(replica, change);
    for (const at of hears === null ? [] : known[hears]!) {
      if (known[who]!.has(at)) continue;
      known[who]!.add(at);
      apply(replica, structuredClone(log[at]!.change));
      check(replica, log[at]!.change);
    }
  }
  return { log, replicas, orders: known.map((order) => Array.from(order)) };
}

/** One of the orders in which everything comes after its past, some of it again and again. */
export function someOrder(log: readonly Written<unknown>[], picks: readonly number[]): number[] {
  const order: number[] = [];
  const done = new Set<number>();
  const isReady = ({ past }: Written<unknown>) => Array.from(past).every((at) => done.has(at));
  for (let turn = 0; done.size < log.length; turn++) {
    const pick = picks[turn % picks.length] ?? 0;
    // Every fourth comes again, if there is one.
    const again = pick % 4 === 3 ? order[pick % order.length] : undefined;
    if (again !== undefined) order.push(again);
    const fresh = Array.from(log.keys()).filter((at) => !done.has(at) && isReady(log[at]!));
    const next = fresh[pick % fresh.length]!;
    order.push(next);
    done.add(next);
  }
  return order;
}

/** What a new replica shows after these, in this order. */
export function replayed<Replica, Change>(
  { make, apply, view }: Subject<Replica, Change>,
  { log }: Session<Replica, Change>,
  order: readonly number[],
): unknown {
  const replica = make();
  for (const at of order) apply(replica, structuredClone(log[at]!.change));
  return view(replica);
}

export const idsOf = (dots: readonly Dot[]) => dots.map(idOf);
