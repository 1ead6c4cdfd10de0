import type { NodeId } from '../../vocabulary.ts';
import type { Outcome } from '../outcome.ts';
import type { Answer } from './messages.ts';
import { noAnswer } from './refusals.ts';
import { Request } from './request.ts';
import { Mending } from './mending.ts';
import { readNeeds } from './needs.ts';
import type { Held } from './version.ts';

/**
 * A read: asks all copies, and the newest that r of them hold is the answer. Where repair comes
 * before it, the answer waits until w copies hold that: then no later read finds less.
 *
 *     tell -> r have told -> [the newest to those that lack it -> w hold it] -> the answer
 *                                             later: those that are behind get it
 */
export class Read extends Request {
  private readonly mending = new Mending();
  private told = 0;

  start(): void {
    this.round((home) => this.tell(home, false), this.heard).start();
  }

  /** It has changed nothing that a client could tell. */
  verdict(instead?: Outcome): Outcome {
    return instead ?? noAnswer('read', readNeeds(this.desk.setting), this.told);
  }

  private readonly heard = (home: NodeId, from: NodeId, { version, value }: Answer): void => {
    this.mending.learn(home, from, { version, value });
    this.told += 1;
    if (this.hasEnded) return this.mendLater();
    const { r, repair } = this.desk.setting;
    if (this.told !== r) return;
    if (repair === 'before') this.writeBack();
    else this.answer(this.mending.newest);
  };

  /** What is heard of meanwhile, and is newer, is not the answer: it may stand in one copy alone. */
  private writeBack(): void {
    const { newest } = this.mending;
    const { w } = this.desk.setting;
    const holders = new Set(this.mending.upToDate());
    if (newest.version === null || holders.size >= w) return this.answer(newest);
    const round = this.round(
      (home) => this.take(home, newest),
      (home, _from, { did }) => {
        // Who holds something newer has this behind it.
        if (did === 'taken' || did === 'newer') holders.add(home);
        if (holders.size >= w) this.answer(newest);
      },
    );
    round.start(this.mending.upToDate());
  }

  private answer({ version, value }: Held): void {
    this.end(this.done(version, value));
    this.mendLater();
  }

  /** As it was written: under a version of its own it would hide what was written meanwhile. */
  protected heldToMend(newest: Held): Held {
    return newest;
  }

  private mendLater(): void {
    if (this.desk.setting.repair === 'none') return;
    const held = this.heldToMend(this.mending.newest);
    for (const { home, from } of this.mending.takeBehind())
      this.desk.mend(from, this.take(home, held));
  }
}
