import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import type { Copies, Hint } from './copies.ts';
import { ATTEMPT_MS, type Way } from './round.ts';

/** A home that is back without a link having opened, as after a silence, gets its hints so soon. */
const HANDOFF_MS: Milliseconds = 2_000;

/** Few enough that the answers to clients do not wait behind them. */
export const MAX_AT_ONCE = 16;

export interface HandoffOptions extends Way {
  readonly copies: Copies;
  readonly handedOver: (hint: Hint) => void;
}

/** Gives hints to those for whom they are kept ('hinted hand-off'), and drops what has arrived. */
export class Handoff {
  protected readonly options: HandoffOptions;
  /** By home and key. */
  private readonly underWay = new Set<string>();

  constructor(options: HandoffOptions) {
    this.options = options;
  }

  start(): void {
    this.handOver();
    this.options.after(HANDOFF_MS, () => this.start());
  }

  /** To all that can be reached now. */
  handOver(): void {
    const { copies, reaches } = this.options;
    const deliverable = copies
      .hints()
      .filter((hint) => reaches(hint.home) && !this.underWay.has(nameOf(hint)));
    for (const hint of deliverable.slice(0, MAX_AT_ONCE - this.underWay.size)) this.give(hint);
  }

  protected recipientOf({ home }: Hint): NodeId {
    return home;
  }

  private give(hint: Hint): void {
    const { asks, after, copies, handedOver } = this.options;
    const { key, held } = hint;
    const home = this.recipientOf(hint);
    this.underWay.add(nameOf(hint));
    const ask = asks.ask(
      home,
      { type: 'take', key, home, version: held.version!, value: held.value },
      ({ did }) => {
        end();
        if (did === 'full') return;
        copies.drop(hint);
        handedOver(hint);
        this.handOver();
      },
    );
    const cancel = after(ATTEMPT_MS, () => end());
    const end = () => {
      cancel();
      ask.forget();
      this.underWay.delete(nameOf(hint));
    };
  }
}

function nameOf({ home, key }: Hint): string {
  return `${home}/${key}`;
}
