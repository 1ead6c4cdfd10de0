import type { DetectorName } from '../network/room-choices.ts';
import { GapWatch } from '../runtime/gap-watch.ts';
import type { Cancel, Host } from '../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../runtime/protocol.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import { Beliefs } from './beliefs.ts';
import type { Claim } from './claims.ts';
import type { Working } from './detectors/detector.ts';
import { Detectors } from './detectors/side-by-side.ts';
import { Echoes } from './echoes.ts';
import { Health } from './health.ts';
import type { Member } from './member.ts';
import {
  MAX_ROWS,
  membershipSchema,
  type Bare,
  type Beat,
  type MembershipMessage,
} from './messages.ts';
import { OwnStanding } from './own-standing.ts';
import { beatEveryMs, JITTER } from './pace.ts';
import { PERIOD_MS, Probes } from './probes.ts';
import type { MemberView } from './verdict.ts';

/**
 * Who is here and who still lives, as this node knows it. Four detectors watch the neighbours; what the
 * chosen one suspects goes round as a claim, which the accused may contradict; whoever does not is dead.
 * The rules FD-1 to FD-11, SWIM-1 to SWIM-9 and MEMBER-1 to MEMBER-16 stand in README.md.
 */

/** Once a second a whole roster goes to a neighbour, and one comes back: so views meet again after a split. */
export const EXCHANGE_MS: Milliseconds = 1_000;

/** A timer so much too late means that this node did not run; a beat that is late by as much is a lost one. */
export const LATE_MS: Milliseconds = 200;

/** What contradicts a suspicion goes out at once, but not more often than this. */
export const MIN_BEAT_GAP_MS: Milliseconds = 50;

/** What a killed node had sent may be heard for so long after the server saw it go. */
export const WITNESS_GRACE_MS: Milliseconds = 300;

/** Two witnesses need less patience than one: so a killed tab is dead to all within 1.5 s. */
const OF_PATIENCE = 2 / 3;

const LINK_CLOSED = 'its link closed';

export class Membership implements Protocol<MembershipMessage> {
  private readonly host: Host<MembershipMessage>;
  private readonly detectors = new Detectors();
  private readonly health = new Health();
  private readonly echoes = new Echoes();
  private readonly own: OwnStanding;
  private readonly beliefs: Beliefs;
  private readonly probes: Probes;
  private readonly listeners = new Set<(view: MemberView) => void>();
  /** Whose link is about to be closed by choice. */
  private readonly parting = new Set<NodeId>();
  private readonly stalls = new GapWatch(LATE_MS);
  private cancelBeat: Cancel = () => {};
  private beatenAt: Milliseconds = -Infinity;
  private nextBeatAt: Milliseconds = Infinity;
  private nextProbeAt: Milliseconds = Infinity;
  private exchangedAt: Milliseconds = -Infinity;
  private exchanges = 0;

  constructor(host: Host<MembershipMessage>) {
    this.host = host;
    this.own = new OwnStanding(host.incarnation);
    this.beliefs = new Beliefs(
      host.self,
      this.own,
      () => host.monotonic(),
      (member, by) => this.changed(member, by),
    );
    this.probes = new Probes(
      host,
      (to, message) => this.say(to, message),
      this.detectors.swim,
      this.health,
      (id) => this.judge(id),
    );
  }

  start(): void {
    const { host } = this;
    this.beatIn(host.random() * beatEveryMs(0));
    this.probeIn(host.random() * PERIOD_MS);
  }

  stop(): void {
    this.leave();
  }

  receive(from: NodeId, message: MembershipMessage): void {
    for (const claim of message.claims) this.learn(claim, from);
    switch (message.type) {
      case 'beat':
        return this.beatOf(from, message);
      case 'ping':
        return this.say(from, { type: 'ack', number: message.number });
      case 'ack':
        return this.probes.acked(message.number);
      case 'ask':
        return this.probes.run(from, message.number, message.target);
      case 'nack':
        return this.probes.nacked(from, message.number);
      case 'roster':
        return message.answer ? this.sayRoster(from, false) : undefined;
      case 'leave':
        return this.learn(ofItself(from, 'left', message), from);
    }
  }

  heard(from: NodeId): void {
    this.noticeStall();
    const now = this.host.monotonic();
    const member = this.beliefs.roster.get(from);
    if (member === undefined) return;
    this.beliefs.heard(member);
    if (member.goneAt !== null && now - member.goneAt > WITNESS_GRACE_MS) member.goneAt = null;
    this.detectors.heard(from, now);
    this.probes.heard(from);
  }

  neighbourUp(id: NodeId): void {
    this.parting.delete(id);
    if (this.own.state === 'left') this.own.comeBack();
    this.detectors.watch(id, this.host.monotonic());
    this.echoes.forget(id);
    this.beliefs.opened(id);
    this.sayRoster(id, false);
  }

  neighbourDown(id: NodeId): void {
    this.detectors.forget(id);
    this.probes.forget(id);
    this.echoes.forget(id);
    const onPurpose = this.parting.delete(id) || !this.here;
    this.beliefs.closed(id, onPurpose ? null : LINK_CLOSED);
  }

  resumed(gapMs: Milliseconds): void {
    this.excuse(Math.max(gapMs, this.stall() ?? 0));
  }

  /** From now on this detector's suspicion counts. */
  use(detector: DetectorName): void {
    this.detectors.use(detector);
  }

  /** All that this node knows of others, the dead that it has not forgotten included. */
  members(): readonly MemberView[] {
    const now = this.host.monotonic();
    return [...this.beliefs.roster].map((member) => member.view(now));
  }

  /** Undefined for one that it does not know; it has no view of itself. */
  view(id: NodeId): MemberView | undefined {
    return this.beliefs.roster.get(id)?.view(this.host.monotonic());
  }

  /** What each detector thinks of a neighbour, the chosen one first; empty for one that is no neighbour. */
  workings(id: NodeId): readonly Working[] {
    return this.detectors.workings(id, this.host.monotonic());
  }

  /** Hears of every verdict that changes, and of the first one of each node. */
  onVerdict(listener: (view: MemberView) => void): Cancel {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * The server saw its socket close. Who is silent here too is dead: at once if that is known already,
   * or as soon as it is found out, which begins now. Who is heard again after that is not.
   */
  witnessedGone(id: NodeId): void {
    const member = this.beliefs.roster.get(id);
    if (member === undefined || member.gone) return;
    if (member.goneAt === null) this.host.after(WITNESS_GRACE_MS, () => this.askOfGone(id));
    member.goneAt = this.host.monotonic();
    const closed =
      !member.linked && member.state === 'suspect' && member.by.includes(this.host.self);
    if (closed) this.beliefs.silent(member, LINK_CLOSED);
    else this.askOfGone(id);
  }

  /** The link to a neighbour is about to close because nobody wants it any more: that says nothing of it. */
  partingFrom(id: NodeId): void {
    if (this.host.neighbours().includes(id)) this.parting.add(id);
  }

  /** Says to all neighbours that this node goes by itself. A link that opens later brings it back. */
  leave(): void {
    if (this.own.state === 'left') return;
    this.own.leave();
    const { life, refutation } = this.own;
    for (const id of this.host.neighbours()) this.say(id, { type: 'leave', life, refutation });
  }

  inspect(): Json {
    const { state, life, refutation } = this.own;
    return {
      self: { state, life, refutation },
      detector: this.detectors.used,
      health: this.health.score,
      news: this.beliefs.news.size,
      probes: this.probes.size,
      members: this.members().map((view) => ({ ...view, suspectedBy: [...view.suspectedBy] })),
    };
  }

  private get here(): boolean {
    return this.own.state === 'alive';
  }

  private beatIn(delay: Milliseconds): void {
    this.cancelBeat();
    this.nextBeatAt = this.host.monotonic() + delay;
    this.cancelBeat = this.host.after(delay, () => {
      this.noticeStall();
      this.beat();
    });
  }

  private beat(): void {
    const { host } = this;
    const now = host.monotonic();
    const neighbours = host.neighbours();
    const everyMs = beatEveryMs(neighbours.length);
    this.beatenAt = now;
    this.beatIn(everyMs * (1 + JITTER * host.random()));
    if (this.here) {
      const { life, refutation } = this.own;
      const beat = { type: 'beat', life, refutation, sent: now, everyMs } as const;
      for (const id of neighbours) this.say(id, { ...beat, echo: this.echoes.for(id, now) });
      if (now - this.exchangedAt >= EXCHANGE_MS) this.exchange(neighbours, now);
    }
    this.judgeAll();
  }

  private probeIn(delay: Milliseconds): void {
    this.nextProbeAt = this.host.monotonic() + delay;
    this.host.after(delay, () => {
      this.noticeStall();
      this.probeIn(PERIOD_MS * this.health.stretch);
      if (this.here) this.probes.probeNext();
      this.judgeAll();
    });
  }

  /** With one neighbour after the other. */
  private exchange(neighbours: readonly NodeId[], now: Milliseconds): void {
    this.exchangedAt = now;
    this.exchanges += 1;
    const partner = neighbours[this.exchanges % neighbours.length];
    if (partner !== undefined) this.sayRoster(partner, true);
  }

  private sayRoster(to: NodeId, answer: boolean): void {
    if (!this.here) return;
    const rows = this.beliefs.rows();
    for (let i = 0; i < rows.length; i += MAX_ROWS) {
      const claims = rows.slice(i, i + MAX_ROWS);
      this.host.send(to, { type: 'roster', answer: answer && i === 0, claims });
    }
  }

  /** Nobody hears of claims, nor of anything else, from one who has left. */
  private say(to: NodeId, message: Bare): void {
    if (!this.here && message.type !== 'leave') return;
    this.host.send(to, { ...message, claims: this.beliefs.claimsFor(to) });
  }

  private beatOf(from: NodeId, beat: Beat): void {
    const now = this.host.monotonic();
    this.learn(ofItself(from, 'alive', beat), from);
    this.detectors.beat(from, now, beat.everyMs);
    this.echoes.received(from, beat, now);
    const rttMs = this.echoes.roundTrip(beat, now);
    const member = this.beliefs.roster.get(from);
    if (rttMs !== null && member !== undefined) member.rttMs = rttMs;
  }

  private learn(claim: Claim, from: NodeId): void {
    if (claim.id !== this.host.self) return this.beliefs.learn(claim, from);
    if (!this.own.contradict(claim)) return;
    this.health.accused();
    this.beliefs.news.add(this.host.self);
    this.beatIn(Math.max(0, this.beatenAt + MIN_BEAT_GAP_MS - this.host.monotonic()));
  }

  private judgeAll(): void {
    for (const id of this.host.neighbours()) this.judge(id);
    this.beliefs.age();
  }

  private judge(id: NodeId): void {
    const now = this.host.monotonic();
    const member = this.beliefs.roster.get(id);
    if (member === undefined || !this.here || !this.detectors.suspects(id, now)) return;
    this.beliefs.silent(member, this.detectors.reason(id, now));
  }

  /** The server saw it go. Is it silent, too? */
  private askOfGone(id: NodeId): void {
    const member = this.beliefs.roster.get(id);
    if (member?.goneAt == null || member.gone) return;
    this.probes.probe(id, OF_PATIENCE);
    this.judge(id);
  }

  private changed(member: Member, by: NodeId): void {
    if (member.state === 'alive') this.detectors.swim.vouched(member.id);
    const { id: peer, verdict, reason } = member;
    if (member.told === verdict) return;
    member.told = verdict;
    this.host.record('verdict', { peer, verdict, reason, by });
    const view = member.view(this.host.monotonic());
    for (const listener of this.listeners) listener(view);
  }

  /** A timer of this node is late by so much; told once. */
  private stall(): Milliseconds | null {
    return this.stalls.take(Math.min(this.nextBeatAt, this.nextProbeAt), this.host.monotonic());
  }

  private noticeStall(): void {
    const gapMs = this.stall();
    if (gapMs !== null) this.excuse(gapMs);
  }

  private excuse(gapMs: Milliseconds): void {
    const now = this.host.monotonic();
    this.health.late();
    this.detectors.excuse(gapMs, now);
    this.echoes.excuse(now);
    this.beliefs.excuse(gapMs);
  }
}

/** What a node says of itself, as a claim. */
function ofItself(
  id: NodeId,
  state: 'alive' | 'left',
  { life, refutation }: Pick<Claim, 'life' | 'refutation'>,
): Claim {
  return { id, state, life, refutation, by: [], heardMs: 0 };
}

export const membership: ProtocolDefinition<MembershipMessage, Membership> = {
  name: 'membership',
  version: 1,
  schema: membershipSchema,
  lane: 'datagram',
  create: (host) => new Membership(host),
};
