import type { Cancel } from '../../runtime/host.ts';
import type { Json } from '../../vocabulary.ts';
import type { Proposed } from '../consensus.ts';
import { hasMajority, majorityReached, membersOf, type Config } from './config.ts';
import type { Entry } from './entry.ts';
import type { MemberId } from './member.ts';
import type { Appended, Mismatch } from './messages.ts';
import { MAX_UNCOMMITTED } from './options.ts';
import type { Peer } from './peer.ts';
import { Progress } from './progress.ts';
import { Reads } from './reads.ts';

/** A snapshot that was not answered goes again after so many beats. */
const INSTALL_AGAIN_BEATS = 10;

interface LeadershipOptions {
  readonly peer: Peer;
  /** A majority has everything up to here, and it is of this term. */
  readonly committed: (index: number) => void;
  /** An entry was added. */
  readonly logged: () => void;
  /** Only asked while all earlier changes are committed: what the members should be; null: as they are. */
  readonly nextConfig: () => Config | null;
}

/**
 * What a member keeps only while it leads: how far each other is, what was proposed and is not
 * committed, and the reads that wait. All of it goes with the office.
 */
export class Leadership {
  readonly progress = new Map<MemberId, Progress>();
  readonly reads: Reads;
  /** To whom it hands over; meanwhile it takes no commands. */
  heir: MemberId | null = null;
  private readonly peer: Peer;
  private readonly options: LeadershipOptions;
  private readonly pending = new Map<number, (result: Proposed) => void>();
  /** Its own entries up to here are on its disk. */
  private durable: number;
  private round = 0;
  /** Answers to rounds up to here may be of before a pause. */
  private staleRound = 0;
  private firstIndex = Infinity;
  private isFlushing = false;
  private hasEnded = false;
  /** Everybody is to hear, whether or not there are entries for it. */
  private tellsAll = false;
  private beats = 0;
  private cancelFlush: Cancel = () => {};

  constructor(options: LeadershipOptions) {
    this.options = options;
    this.peer = options.peer;
    this.reads = new Reads(options.peer);
    this.durable = options.peer.log.lastIndex;
  }

  /** Begins with an entry of its own term: until that is committed, it does not know what else is. */
  begin(): void {
    // Before the entry is there: so it is in the first message to each.
    for (const member of this.others()) this.progressOf(member);
    this.firstIndex = this.append({ term: this.peer.ballot.term, type: 'noop' });
    this.beat();
  }

  /** It has committed an entry of its own term, so it knows all that ever was. */
  get isSettled(): boolean {
    return this.peer.commit >= this.firstIndex;
  }

  propose(command: Json, onEnd: (result: Proposed) => void): void {
    const { log, commit, ballot } = this.peer;
    if (this.heir !== null) return onEnd({ ok: false, reason: 'not-leader' });
    if (log.lastIndex - commit >= MAX_UNCOMMITTED) return onEnd({ ok: false, reason: 'full' });
    this.pending.set(this.append({ term: ballot.term, type: 'command', command }), onEnd);
    this.flushSoon();
  }

  read(onEnd: (ok: boolean) => void): void {
    if (this.isSettled && this.heir === null && this.reads.hasLease) return onEnd(true);
    // Before that it may have committed more than it knows of; the client asks again.
    if (!this.isSettled || !this.reads.wait(this.nextRound(), onEnd)) return onEnd(false);
    this.confirm();
    this.flushSoon();
  }

  /** One beat: everybody hears that it leads, and gets what it lacks. */
  beat(): void {
    this.beats += 1;
    this.nextRound();
    this.flush(true);
    this.confirm();
  }

  appended(from: MemberId, { match, round }: Appended): void {
    const progress = this.heardOf(from, round);
    if (progress === undefined) return;
    progress.matched(Math.min(match, this.peer.log.lastIndex));
    this.commit();
    this.confirm();
    this.sendTo(from, progress, false);
  }

  mismatched(from: MemberId, message: Mismatch): void {
    const progress = this.heardOf(from, message.round);
    if (progress === undefined) return;
    this.confirm();
    const isLate = message.prevIndex <= progress.match || message.prevIndex >= progress.next;
    if (isLate || progress.mode === 'install') return;
    progress.probe(this.agreesUpTo(message) + 1);
    this.sendTo(from, progress, false);
  }

  /** Whether a majority has said anything since the last time; asked once in a least timeout. */
  checkQuorum(): boolean {
    const { config } = this.peer;
    const isThere = (member: MemberId) => this.isMe(member) || this.progress.get(member)?.heard;
    const ok = hasMajority(config, (member) => isThere(member) === true);
    for (const progress of this.progress.values()) {
      progress.silentChecks = progress.heard ? 0 : progress.silentChecks + 1;
      progress.heard = false;
    }
    return ok;
  }

  /** It was heard lately, and has said something since this node last stood still. */
  isThere(member: MemberId): boolean {
    const progress = this.progress.get(member);
    return progress?.silentChecks === 0 && progress.round > this.staleRound;
  }

  /** While it did not run others may have elected, and members may have gone: what it knew is void. */
  resumed(): void {
    this.staleRound = this.round;
    this.reads.endLease();
  }

  /** What was proposed here and is now applied. */
  applied(index: number, answer: Json): void {
    this.pending.get(index)?.({ ok: true, answer, index });
    this.pending.delete(index);
  }

  /** It leads no longer: what it promised may still come, or not. */
  end(): void {
    this.hasEnded = true;
    this.cancelFlush();
    const pending = [...this.pending.values()];
    this.pending.clear();
    this.reads.giveUp();
    for (const onEnd of pending) onEnd({ ok: false, reason: 'lost' });
  }

  inspect() {
    return Array.from(this.progress, ([member, { mode, match, next }]) => ({
      member,
      mode,
      match,
      next,
    }));
  }

  /** At most one change at a time, and none before the entries of earlier leaders are settled (RAFT-13). */
  reconfigure(): void {
    const { log, commit, ballot } = this.peer;
    if (!this.isSettled || log.configIndexAt(log.lastIndex) > commit) return;
    const config = this.options.nextConfig();
    if (config === null) return;
    this.append({ term: ballot.term, type: 'config', config });
    this.forgetOthersThan(membersOf(config));
    this.flushSoon();
  }

  /** Followers hear at once how far it is committed. */
  tellSoon(): void {
    this.tellsAll = true;
    this.flushSoon();
  }

  private flushSoon(): void {
    if (this.isFlushing) return;
    this.isFlushing = true;
    this.cancelFlush = this.peer.world.after(0, () => {
      this.isFlushing = false;
      this.flush(this.tellsAll);
    });
  }

  private append(entry: Entry): number {
    const { log, world } = this.peer;
    const index = log.append(entry);
    this.options.logged();
    world.store.whenDurable(() => {
      // Another may lead by now, and have put its own entries there.
      if (this.hasEnded) return;
      this.durable = Math.max(this.durable, index);
      this.commit();
    });
    return index;
  }

  private nextRound(): number {
    this.round += 1;
    this.tellsAll = true;
    this.reads.began(this.round);
    return this.round;
  }

  private flush(toAll: boolean): void {
    this.tellsAll = false;
    for (const member of this.others()) this.sendTo(member, this.progressOf(member), toAll);
  }

  private sendTo(member: MemberId, progress: Progress, always: boolean): void {
    const { log, options } = this.peer;
    if (progress.mode !== 'install' && progress.next <= log.baseIndex)
      return this.install(member, progress);
    if (progress.mode === 'install') {
      const isLost = this.beats - progress.installedAt >= INSTALL_AGAIN_BEATS;
      if (isLost) return this.install(member, progress);
      if (always) this.sendEntries(member, log.baseIndex, []);
      return;
    }
    const repeats = always && progress.mode === 'probe';
    do {
      const mayCarry = repeats || progress.canSend(options.maxInFlight);
      const entries = mayCarry ? log.slice(progress.next, options.maxEntries) : [];
      if (entries.length === 0 && !always) return;
      this.sendEntries(member, progress.next - 1, entries);
      always = false;
      if (entries.length > 0) progress.sent(progress.next + entries.length - 1);
      if (progress.mode === 'probe') return;
      progress.next += entries.length;
    } while (progress.next <= log.lastIndex);
  }

  private sendEntries(member: MemberId, prevIndex: number, entries: readonly Entry[]): void {
    const { log, ballot, commit } = this.peer;
    this.peer.say(member, {
      type: 'append',
      term: ballot.term,
      prevIndex,
      prevTerm: log.termAt(prevIndex)!,
      entries: [...entries],
      commit,
      round: this.round,
    });
  }

  private install(member: MemberId, progress: Progress): void {
    const { log, ballot } = this.peer;
    const snapshot = log.snapshot!;
    progress.mode = 'install';
    progress.installedAt = this.beats;
    progress.next = snapshot.index + 1;
    this.peer.say(member, { type: 'install', term: ballot.term, snapshot, round: this.round });
  }

  /** Where our log may agree with one that has nothing of `prevIndex`, by what it says of itself (RAFT-8). */
  private agreesUpTo({ hintIndex, hintTerm }: Mismatch): number {
    const { log } = this.peer;
    let index = Math.min(hintIndex, log.lastIndex);
    while (index > log.baseIndex && log.termAt(index)! > hintTerm) index -= 1;
    return index;
  }

  private commit(): void {
    const { log, config, commit, ballot } = this.peer;
    const index = majorityReached(config, (member) =>
      this.isMe(member) ? this.durable : (this.progress.get(member)?.match ?? 0),
    );
    // An entry of an earlier term is never committed by counting: only with one of this term (RAFT-10).
    if (index > commit && log.termAt(index) === ballot.term) this.options.committed(index);
  }

  private confirm(): void {
    const { config } = this.peer;
    this.reads.confirmed(
      majorityReached(config, (member) =>
        this.isMe(member) ? this.round : (this.progress.get(member)?.round ?? 0),
      ),
    );
  }

  private heardOf(member: MemberId, round: number): Progress | undefined {
    const progress = this.progress.get(member);
    if (progress === undefined) return undefined;
    progress.heard = true;
    progress.round = Math.max(progress.round, Math.min(round, this.round));
    return progress;
  }

  private progressOf(member: MemberId): Progress {
    let progress = this.progress.get(member);
    if (progress === undefined) {
      progress = new Progress(this.peer.log.lastIndex + 1);
      this.progress.set(member, progress);
    }
    return progress;
  }

  /** Who comes back later is not held for as silent as it was when it left. */
  private forgetOthersThan(members: readonly MemberId[]): void {
    for (const member of this.progress.keys())
      if (!members.includes(member)) this.progress.delete(member);
  }

  private others(): readonly MemberId[] {
    return membersOf(this.peer.config).filter((member) => !this.isMe(member));
  }

  private isMe(member: MemberId): boolean {
    return member === this.peer.me;
  }
}
