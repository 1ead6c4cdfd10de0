import type { RumourStyle } from '../network/room-choices.ts';
import type { Cancel } from '../runtime/host.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import { sourceKey, type Arrival, type Broadcast } from './broadcast.ts';
import { choose } from './choose.ts';
import { digestOf } from './digest.ts';
import { HotRumours } from './hot-rumours.ts';
import type { HeardOf, Kind } from './messages.ts';
import { includes } from './sequences.ts';
import type { Spread, SpreadContext } from './spread.ts';
import { inParts, parcelOf, tellMessages } from './telling.ts';

/**
 * Rumours: in every round a node tells what it has lately learnt to some of its neighbours, whichever
 * chance picks (push), or asks some what is new (pull), or both. It is simple and bears any loss, but
 * it tells many what they know, and now and then it misses someone. RUMOUR-1 to RUMOUR-5 in README.md.
 */

/** Slow enough to watch the infection, fast enough for a class: 12 nodes know after about five rounds. */
export const ROUND_MS: Milliseconds = 250;

/** What a burst leaves. Older ones are then cold, and a comparison finds whoever they missed. */
export const MAX_HOT = 1_024;

/** Messages that a node sends one neighbour in a round: a quarter of a megabyte. The newest news first. */
const MAX_PARTS_IN_A_ROUND = 4;

export interface RumourOptions {
  readonly style: RumourStyle;
  readonly fanout: number;
  readonly rounds: number;
}

export class RumourSpread implements Spread {
  private readonly context: SpreadContext;
  private readonly options: RumourOptions;
  private readonly hot: HotRumours<Broadcast>;
  private cancel: Cancel | null = null;
  private rounds = 0;

  constructor(context: SpreadContext, options: RumourOptions) {
    this.context = context;
    this.options = options;
    this.hot = new HotRumours(options.rounds, MAX_HOT);
  }

  start(): void {
    this.arm();
  }

  stop(): readonly Broadcast[] {
    this.cancel?.();
    this.cancel = null;
    return this.hot.all();
  }

  /** It is told from the next round on. What a comparison found is no rumour: most know it already. */
  learnt(broadcast: Broadcast, how: Arrival): void {
    if (how === 'repair') return;
    this.hot.add(broadcast);
    this.arm();
  }

  receive(from: NodeId, message: Kind<'have' | 'graft' | 'prune' | 'ask'>): void {
    if (message.type !== 'ask' || this.options.style === 'push') return;
    this.tell([from], this.unknownTo(message.heard));
  }

  passesOn(): readonly NodeId[] {
    return [];
  }

  inspect(): { readonly [key: string]: Json } {
    return { hot: this.hot.size, rounds: this.rounds };
  }

  /** While there is something to tell; whoever asks has to ask all the time. */
  private arm(): void {
    if (this.hot.size === 0 && this.options.style === 'push') return;
    this.cancel ??= this.context.host.after(ROUND_MS, () => {
      this.cancel = null;
      this.round();
      this.arm();
    });
  }

  private round(): void {
    const { host, store } = this.context;
    const { style, fanout } = this.options;
    this.rounds += 1;
    const some = choose(fanout, host.neighbours(), () => host.random());
    if (style !== 'pull') this.tell(some, this.hot.all());
    this.hot.age();
    if (style === 'push') return;
    const ask = { type: 'ask' as const, heard: digestOf(store) };
    for (const id of some) host.send(id, ask);
  }

  private tell(to: readonly NodeId[], rumours: readonly Broadcast[]): void {
    const parcels = rumours.map((broadcast) => parcelOf(broadcast));
    const parts = inParts(parcels.reverse()).slice(0, MAX_PARTS_IN_A_ROUND);
    const messages = tellMessages('rumour', parts.flat().reverse());
    for (const id of to) for (const message of messages) this.context.host.send(id, message);
  }

  private unknownTo(heard: readonly HeardOf[]): Broadcast[] {
    const known = new Map(heard.map((one) => [sourceKey(one.origin, one.life), one]));
    return this.hot.all().filter(({ origin, life, sequence }) => {
      const theirs = known.get(sourceKey(origin, life));
      return theirs === undefined || !includes(theirs, sequence);
    });
  }
}
