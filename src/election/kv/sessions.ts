import { MAX_WINDOW, type Act, type Refusal, type Reply } from './commands.ts';
import { PartsDigest } from './parts-digest.ts';

/** A class of thirty of which each tab was opened eight times, or the fullest room twice over. */
export const MAX_SESSIONS = 256;

/** What one client did, and what it was told: enough to know each of its deeds again. */
interface Session {
  readonly id: string;
  readonly client: string;
  /** The index of the last entry that was its. */
  used: number;
  /** Its client waits for none of these and below. */
  acked: number;
  /** What was said to those above: null if it was done. */
  readonly answers: Map<number, Refusal | null>;
}

/** As it is kept: id, used, acked, and the answers. */
export type KeptSession = readonly [string, number, number, readonly KeptAnswer[]];
type KeptAnswer = readonly [number, Refusal | null];

/**
 * Makes a deed that comes again and again act once. All of it follows from the log alone, so every
 * node forgets the same.
 */
export class Sessions {
  /** By id, the one that was used longest ago first. */
  private readonly sessions = new Map<string, Session>();
  private readonly marks = new PartsDigest();

  get size(): number {
    return this.sessions.size;
  }

  get digest(): number {
    return this.marks.value;
  }

  /** One that asks twice gets the same: the first answer may have been lost. */
  open(client: string, index: number): Reply {
    const known = [...this.sessions.values()].find((session) => session.client === client);
    if (known === undefined && this.size === MAX_SESSIONS) this.endOldest();
    const id = known?.id ?? `${index}.${client}`;
    this.keep(known ?? { id, client, used: index, acked: 0, answers: new Map() }, index);
    return { ok: true, value: id };
  }

  /** @param act does it; called only for what was not done before */
  once({ session: id, number, acked }: Act, index: number, act: () => Reply): Reply {
    const session = this.sessions.get(id);
    if (session === undefined) return { ok: false, reason: 'no-session' };
    const reply = answerOf(session, number, acked, act);
    this.keep(session, index);
    return reply;
  }

  all(): KeptSession[] {
    return Array.from(this.sessions.values(), kept);
  }

  restore(all: readonly KeptSession[]): void {
    this.sessions.clear();
    this.marks.clear();
    for (const [id, used, acked, answers] of all) {
      const client = id.slice(id.indexOf('.') + 1);
      this.keep({ id, client, used, acked, answers: new Map(answers) }, used);
    }
  }

  private keep(session: Session, index: number): void {
    session.used = index;
    this.sessions.delete(session.id);
    this.sessions.set(session.id, session);
    this.marks.set(session.id, kept(session));
  }

  private endOldest(): void {
    const [oldest] = this.sessions.keys();
    this.sessions.delete(oldest!);
    this.marks.delete(oldest!);
  }
}

function answerOf(session: Session, number: number, acked: number, act: () => Reply): Reply {
  session.acked = Math.max(session.acked, acked);
  for (const old of session.answers.keys()) {
    if (old <= session.acked) session.answers.delete(old);
  }
  if (number <= session.acked) return { ok: false, reason: 'stale' };
  if (number > session.acked + MAX_WINDOW) return { ok: false, reason: 'ahead' };
  const before = session.answers.get(number);
  if (before !== undefined) return before === null ? DONE : { ok: false, reason: before };
  const reply = act();
  session.answers.set(number, reply.ok ? null : reply.reason);
  return reply;
}

const DONE: Reply = { ok: true, value: null };

function kept({ id, used, acked, answers }: Session): KeptSession {
  return [id, used, acked, [...answers]];
}
