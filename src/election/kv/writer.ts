import type { Asker } from './asker.ts';
import { MAX_WINDOW, type Deed, type Reply } from './commands.ts';
import type { Errand } from './errand.ts';
import { refusal, UNKNOWN, type KvOutcome } from './outcome.ts';

/** A deed until its outcome is told. */
interface Open {
  readonly deed: Deed;
  readonly onEnd: (outcome: KvOutcome) => void;
  /** How it is asked for; null while it waits for a session, or for room in the window. */
  asked: { readonly session: string; readonly number: number; readonly errand: Errand } | null;
}

/** The deeds of one client: each under its session and with its number, so that it acts once. */
export class Writer {
  private readonly asker: Asker;
  private readonly client: string;
  private readonly open = new Set<Open>();
  private session: string | null = null;
  private opening: Errand | null = null;
  private numbers = 0;

  /** @param client another text for each life of each client */
  constructor(asker: Asker, client: string) {
    this.asker = asker;
    this.client = client;
  }

  get size(): number {
    return this.open.size;
  }

  /** `onEnd` hears the outcome unless it is given up; what is returned gives it up and says how it ends. */
  do(deed: Deed, onEnd: (outcome: KvOutcome) => void): () => KvOutcome {
    const open: Open = { deed, onEnd, asked: null };
    this.open.add(open);
    this.goOn();
    return () => this.giveUp(open);
  }

  private giveUp(open: Open): KvOutcome {
    this.open.delete(open);
    const outcome = this.outcomeUnanswered(open);
    if (open.asked !== null) this.asker.giveUp(open.asked.errand);
    this.goOn();
    return outcome;
  }

  private outcomeUnanswered({ asked }: Open): KvOutcome {
    if (asked?.errand.mayHaveActed === true) return UNKNOWN;
    return refusal((asked?.errand ?? this.opening)?.obstacle ?? 'busy');
  }

  /** Asks for what waits, as far as may be. */
  private goOn(): void {
    const waiting = [...this.open].filter(({ asked }) => asked === null);
    if (this.session === null) return this.goOnOpening(waiting.length > 0);
    for (const open of waiting) {
      if (this.numbers - this.acked >= MAX_WINDOW) return;
      this.ask(open, this.session);
    }
  }

  private goOnOpening(isNeeded: boolean): void {
    if (isNeeded === (this.opening !== null)) return;
    if (isNeeded) {
      const asked = { type: 'open', client: this.client } as const;
      this.opening = this.asker.ask(asked, (reply) => this.opened(reply));
    } else {
      this.asker.giveUp(this.opening!);
      this.opening = null;
    }
  }

  private opened(reply: Reply): void {
    this.opening = null;
    this.session = reply.ok ? (reply.value as string) : null;
    this.goOn();
  }

  /** The client waits for none of these numbers and below. */
  private get acked(): number {
    const numbers = [...this.open].flatMap(({ asked }) => asked?.number ?? []);
    return Math.min(this.numbers + 1, ...numbers) - 1;
  }

  private ask(open: Open, session: string): void {
    const { acked } = this;
    this.numbers += 1;
    const number = this.numbers;
    const act = { type: 'act', session, number, acked, deed: open.deed } as const;
    const errand = this.asker.ask(act, (reply) => this.replied(open, reply));
    open.asked = { session, number, errand };
  }

  private replied(open: Open, reply: Reply): void {
    const { session, errand } = open.asked!;
    if (!reply.ok && reply.reason === 'no-session') {
      if (session === this.session) this.session = null;
      // Nothing of it was ever done: it goes under another session.
      if (!errand.mayHaveActed) {
        open.asked = null;
        return this.goOn();
      }
    }
    this.open.delete(open);
    this.goOn();
    open.onEnd(outcomeOf(reply));
  }
}

function outcomeOf(reply: Reply): KvOutcome {
  if (reply.ok) return { ok: true };
  const { reason } = reply;
  // The others say that nobody knows it any more.
  return reason === 'no-match' || reason === 'full' ? refusal(reason) : UNKNOWN;
}
