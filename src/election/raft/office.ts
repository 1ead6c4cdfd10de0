import type { Cancel } from '../../runtime/host.ts';
import type { NodeId } from '../../vocabulary.ts';
import { MAX_MEMBERS, membersOf } from './config.ts';
import { Leadership } from './leadership.ts';
import { nodeOf, type MemberId } from './member.ts';
import type { Appended, Mismatch } from './messages.ts';
import { nextConfig, wantedVoters, type Facts } from './next-config.ts';
import { CAUGHT_UP_WITHIN, REPLACE_AFTER_MS } from './options.ts';
import type { Peer } from './peer.ts';

interface OfficeOptions {
  readonly peer: Peer;
  readonly committed: (index: number) => void;
  /** Entries were added. */
  readonly logged: () => void;
  /** No majority has been heard for a least timeout: it can decide nothing. */
  readonly isAlone: () => void;
  /** Whom a teacher wants as voters; null: the first five. */
  readonly chosen: () => readonly NodeId[] | null;
}

/** What a leader does beside replicating: it beats, looks after the members, and hands over its office. */
export class Office {
  readonly leadership: Leadership;
  private readonly options: OfficeOptions;
  private readonly peer: Peer;
  /** They have told of themselves and are in no configuration yet, in the order of arrival. */
  private newcomers: MemberId[] = [];
  private cancelBeat: Cancel = () => {};
  private cancelQuorum: Cancel = () => {};
  private cancelHandOver: Cancel = () => {};

  constructor(options: OfficeOptions) {
    this.options = options;
    this.peer = options.peer;
    this.leadership = new Leadership({
      peer: options.peer,
      committed: options.committed,
      logged: options.logged,
      nextConfig: () => nextConfig(this.peer.config, this.facts()),
    });
  }

  begin(): void {
    this.leadership.begin();
    this.beatSoon();
    this.checkQuorumSoon();
  }

  end(): void {
    this.cancelBeat();
    this.cancelQuorum();
    this.cancelHandOver();
    this.leadership.end();
  }

  /** A follower's answer; also a moment to think about who decides. */
  answered(from: MemberId, message: Appended | Mismatch): void {
    if (message.type === 'appended') this.leadership.appended(from, message);
    else this.leadership.mismatched(from, message);
    this.handOverIfReady();
    this.reconfigure();
  }

  joined(member: MemberId): void {
    if (membersOf(this.peer.config).includes(member)) return;
    if (!this.newcomers.includes(member) && this.newcomers.length < MAX_MEMBERS)
      this.newcomers.push(member);
    this.reconfigure();
  }

  reconfigure(): void {
    if (this.leadership.heir !== null) return;
    this.leadership.reconfigure();
    this.newcomers = this.newcomers.filter((one) => !membersOf(this.peer.config).includes(one));
    this.leaveIfUnwanted();
  }

  /** The heir is asked to take over as soon as it has everything; meanwhile no commands are taken (RAFT-15). */
  handOver(to: NodeId): void {
    const { me, config } = this.peer;
    const heir = config.voters.find((voter) => nodeOf(voter) === to && voter !== me);
    if (heir === undefined) return;
    this.leadership.heir = heir;
    this.leadership.reads.giveUpLease();
    this.cancelHandOver();
    // Who was to take over has not done so: it goes on.
    const goOn = () => (this.leadership.heir = null);
    this.cancelHandOver = this.peer.world.after(this.peer.options.minTimeoutMs, goOn);
    this.handOverIfReady();
  }

  /** A leader that is not to vote any more gives its office to one that is. */
  private leaveIfUnwanted(): void {
    const { me, config } = this.peer;
    const facts = this.facts();
    const wanted = wantedVoters(config, facts);
    if (wanted.includes(me) || !this.leadership.isSettled) return;
    const heir = wanted.find((member) => config.voters.includes(member) && facts.isThere(member));
    if (
      heir !== undefined &&
      config.voters.every((voter) => voter === me || wanted.includes(voter))
    )
      this.handOver(nodeOf(heir));
  }

  private handOverIfReady(): void {
    const { heir, progress } = this.leadership;
    if (heir === null || progress.get(heir)?.match !== this.peer.log.lastIndex) return;
    this.peer.say(heir, { type: 'take-over', term: this.peer.ballot.term });
  }

  private beatSoon(): void {
    this.cancelBeat = this.peer.world.after(this.peer.options.heartbeatMs, () => {
      this.beatSoon();
      this.leadership.beat();
      this.reconfigure();
    });
  }

  private checkQuorumSoon(): void {
    const { minTimeoutMs, checkQuorum } = this.peer.options;
    this.cancelQuorum = this.peer.world.after(minTimeoutMs, () => {
      this.checkQuorumSoon();
      const isHeard = this.leadership.checkQuorum();
      if (checkQuorum && !isHeard) this.options.isAlone();
    });
  }

  private facts(): Facts {
    const { progress } = this.leadership;
    const { me, log, options } = this.peer;
    const patience = REPLACE_AFTER_MS / options.minTimeoutMs;
    const enough = Math.max(1, log.lastIndex - CAUGHT_UP_WITHIN);
    return {
      me,
      chosen: this.options.chosen(),
      newcomers: this.newcomers,
      isThere: (member) => this.leadership.isThere(member),
      isGone: (member) => (progress.get(member)?.silentChecks ?? 0) > patience,
      isCaughtUp: (member) => (progress.get(member)?.match ?? 0) >= enough,
    };
  }
}
