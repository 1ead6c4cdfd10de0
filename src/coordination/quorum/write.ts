import type { Json, NodeId } from '../../vocabulary.ts';
import { UNKNOWN, type OnEnd, type Outcome } from '../outcome.ts';
import type { Answer } from './messages.ts';
import { versionsBeforeWrite, writeNeeds } from './needs.ts';
import { FULL, noAnswer } from './refusals.ts';
import { Request, type Desk } from './request.ts';
import type { Round } from './round.ts';
import type { Held } from './version.ts';

/** Each time somebody else was faster; a class that writes one key all at once gets through before. */
export const MAX_TRIES = 8;

/**
 * A write: at need it asks for versions, then gives the value to all copies under a higher one, and
 * is done when w have it.
 *
 *     [versions of n - w + 1 heard] -> take -> w have taken it: done
 *                                       ^  |
 *                                       |  +-> too few can: others hold something newer
 *                                       +---------- the same under a higher version
 */
export class Write extends Request {
  private readonly value: Json;
  private readonly asksFirst: number;
  private asking: Round | null = null;
  private taking: Round | null = null;
  private takers = new Set<NodeId>();
  /** The copies that had no room. */
  private full = new Set<NodeId>();
  private tries = 0;

  constructor(key: string, value: Json, desk: Desk, onEnd: OnEnd) {
    super(key, desk, onEnd);
    this.value = value;
    this.asksFirst = versionsBeforeWrite(desk.setting);
  }

  start(): void {
    if (this.asksFirst === 0) return this.try();
    const round = this.round(
      (home) => this.tell(home, true),
      () => {
        // Versions that come after it was refused: nobody may have it any more.
        if (this.hasEnded || round.heard < this.asksFirst) return;
        round.stop();
        this.try();
      },
    );
    this.asking = round;
    round.start();
  }

  /** A refusal only where nobody can have it. */
  verdict(instead?: Outcome): Outcome {
    if (this.tries > 1 || this.takers.size > 0 || this.taking?.isOpen === true) return UNKNOWN;
    if (instead !== undefined) return instead;
    if (this.full.size > 0) return FULL;
    return noAnswer('write', writeNeeds(this.desk.setting), this.asking?.heard ?? 0);
  }

  private try(): void {
    this.tries += 1;
    this.taking?.stop();
    this.takers = new Set();
    this.full = new Set();
    const held: Held = { version: this.desk.nextVersion(), value: this.value };
    this.taking = this.round(
      (home) => this.take(home, held),
      (home, _from, answer) => this.answered(home, held, answer),
    );
    this.taking.start();
  }

  private answered(home: NodeId, held: Held, { did }: Answer): void {
    // Above all that was done before: what is newer than this came at the same time, and after it.
    if (did === 'taken' || (did === 'newer' && this.asksFirst > 0)) this.takers.add(home);
    if (did === 'full') this.full.add(home);
    const { w, n } = this.desk.setting;
    if (this.hasEnded) return;
    if (this.takers.size >= w) return this.end(this.done(held.version));
    if (this.full.size > n - w && !this.taking!.isOpen) return this.end(this.verdict(FULL));
    const isLost = this.takers.size + this.taking!.awaited < w;
    const wasSlower = this.taking!.heard > this.takers.size + this.full.size;
    if (!isLost || !wasSlower) return;
    if (this.tries < MAX_TRIES) this.try();
    else this.end(UNKNOWN);
  }
}
