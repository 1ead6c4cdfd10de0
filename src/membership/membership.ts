import type { DetectorName } from '../network/room-choices.ts';
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
import { membershipSchema, type Beat, type MembershipMessage } from './messages.ts';
import { OwnStanding } from './own-standing.ts';
import { beatEveryMs, JITTER } from './pace.ts';
import { PERIOD_MS, Probes } from './probes.ts';
import { Pulse } from './pulse.ts';
import type { MemberView } from './verdict.ts';
import { Voice } from './voice.ts';
import { Witness } from './witness.ts';

/**
 * Who is here and who still lives, as this node knows it. Four detectors watch the neighbours; what the
 * chosen one suspects goes round as a claim, which the accused may contradict; whoever does not is dead.
 * The rules FD-1 to FD-11, SWIM-1 to SWIM-9 and MEMBER-1 to MEMBER-16 stand in README.md.
 */

/** A link that is still open after so long is wanted by the other end. */
const PARTING_MS: Milliseconds = 3_000;

export class Membership implements Protocol<MembershipMessage> {
  private readonly host: Host<MembershipMessage>;
  private readonly detectors = new Detectors();
  private readonly health = new Health();
  private readonly echoes = new Echoes();
  private readonly own: OwnStanding;
  private readonly beliefs: Beliefs;
  private readonly voice: Voice;
  private readonly probes: Probes;
  private readonly witness: Witness;
  private readonly listeners = new Set<(view: MemberView) => void>();
  private onBeat: ((from: NodeId, claims: readonly Claim[]) => void) | null = null;
  /** Whose link is about to be closed by choice, and since when. */
  private readonly parting = new Map<NodeId, Milliseconds>();
  private readonly pulse: Pulse;

  constructor(host: Host<MembershipMessage>) {
    this.host = host;
    this.own = new OwnStanding(host.incarnation);
    this.beliefs = new Beliefs(
      host.self,
      this.own,
      () => host.monotonic(),
      (member, by) => this.changed(member, by),
    );
    this.voice = new Voice(host, this.own, this.beliefs, this.echoes);
    const judge = (id: NodeId) => this.judge(id);
    this.probes = new Probes(
      host,
      this.voice,
      this.beliefs.roster,
      this.detectors.swim,
      this.health,
      judge,
    );
    this.witness = new Witness(host, this.beliefs, this.probes, judge);
    this.pulse = new Pulse(host, {
      beat: () => this.beat(),
      probe: () => this.probe(),
      stalled: (gapMs) => this.excuse(gapMs),
    });
  }

  start(): void {
    this.pulse.start({ beat: beatEveryMs(0), probe: PERIOD_MS });
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
        return this.voice.say(from, { type: 'ack', number: message.number });
      case 'ack':
        return this.probes.acked(message.number);
      case 'ask':
        return this.probes.run(from, message.number, message.target);
      case 'nack':
        return this.probes.nacked(from, message.number);
      case 'roster':
        return message.answer ? this.voice.roster(from, false) : undefined;
      case 'leave':
        return this.learn(ofItself(from, 'left', message), from);
    }
  }

  heard(from: NodeId): void {
    this.pulse.notice();
    const now = this.host.monotonic();
    const member = this.beliefs.roster.get(from);
    if (member === undefined) return;
    this.beliefs.heard(member);
    this.witness.heard(member);
    this.detectors.heard(from, now);
    this.probes.heard(from);
  }

  neighbourUp(id: NodeId): void {
    if (!this.here) this.own.comeBack();
    this.detectors.watch(id, this.host.monotonic());
    this.beliefs.opened(id);
    this.voice.roster(id, false);
  }

  neighbourDown(id: NodeId): void {
    this.detectors.forget(id);
    this.probes.forget(id);
    this.echoes.forget(id);
    const partingAt = this.parting.get(id) ?? -Infinity;
    this.parting.delete(id);
    const onPurpose = !this.here || this.host.monotonic() - partingAt < PARTING_MS;
    this.beliefs.closed(id, onPurpose ? null : 'its link closed');
  }

  resumed(gapMs: Milliseconds): void {
    this.pulse.resumed(gapMs);
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
    this.witness.sawGo(id);
  }

  /** The link to a neighbour is about to close because nobody wants it any more: that says nothing of it. */
  partingFrom(id: NodeId): void {
    if (this.host.neighbours().includes(id)) this.parting.set(id, this.host.monotonic());
  }

  /** It will not close after all. */
  stayingWith(id: NodeId): void {
    this.parting.delete(id);
  }

  /** Says to all neighbours that this node goes by itself. A link that opens later brings it back. */
  leave(): void {
    this.voice.leave();
  }

  /** `listener` hears what each neighbour claims with a beat: of whom it accuses, always. */
  listen(listener: (from: NodeId, claims: readonly Claim[]) => void): void {
    this.onBeat = listener;
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

  /** Returns when the next is due. */
  private beat(): Milliseconds {
    this.voice.beat();
    this.judgeAll();
    return beatEveryMs(this.host.neighbours().length) * (1 + JITTER * this.host.random());
  }

  /** Returns when the next is due. */
  private probe(): Milliseconds {
    if (this.here) this.probes.probeNext();
    this.judgeAll();
    return PERIOD_MS * this.health.stretch;
  }

  private beatOf(from: NodeId, beat: Beat): void {
    this.onBeat?.(from, beat.claims);
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
    this.pulse.beatSoon();
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

  private changed(member: Member, by: NodeId): void {
    const { id: peer, verdict, reason } = member;
    if (member.told === verdict) return;
    member.told = verdict;
    this.host.record('verdict', { peer, verdict, reason, by });
    const view = member.view(this.host.monotonic());
    for (const listener of this.listeners) listener(view);
  }

  /** This node did not run until now: nobody else is to blame for that time. */
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
