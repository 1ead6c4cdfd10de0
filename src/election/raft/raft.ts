import type { Cancel } from '../../runtime/host.ts';
import type { Json, NodeId } from '../../vocabulary.ts';
import type { Algorithm } from '../algorithm.ts';
import type { Consensus, Proposed, StateMachine } from '../consensus.ts';
import type { Election, ElectionTimer, ElectionWorld, Role, Standing } from '../election.ts';
import { Ballot } from './ballot.ts';
import { Candidacy } from './candidacy.ts';
import type { Config } from './config.ts';
import { Decided } from './decided.ts';
import { Following } from './following.ts';
import { Log } from './log.ts';
import { birthOf, memberId, nodeOf, type MemberId } from './member.ts';
import { raftSchema } from './messages.ts';
import type { Append, AskVote, Install, RaftMessage, Said, Vote } from './messages.ts';
import { RaftNotes } from './notes.ts';
import { Office } from './office.ts';
import { DEFAULT_OPTIONS, JOIN_EVERY_MS, type RaftOptions } from './options.ts';
import { Patience } from './patience.ts';
import type { Peer } from './peer.ts';

/** What the founder of a group brings into it: the state of the group that it was in before. */
type Legacy = { readonly state: Json } | null;

/**
 * One member of a Raft group, as in the paper (Ongaro and Ousterhout, 2014) with what the thesis adds:
 * a vote before the vote, a leader that steps down when it is alone, changes of the members one at a
 * time, reads without a place in the log. The rules RAFT-1 to RAFT-20 stand in README.md.
 *
 *                 times out              a majority could elect it       a majority has
 *     follower ---------------> asking ----------------------> candidate ---------------> leader
 *        ^                        |                                |                         |
 *        +--- hears a leader, or of a higher term; a leader also when it hears no majority --+
 */
export class Raft implements Election<RaftMessage>, Consensus {
  readonly notesItself = true;
  private readonly world: ElectionWorld<RaftMessage>;
  private readonly options: RaftOptions;
  private readonly machine: StateMachine;
  private readonly legacy: Legacy;
  private readonly ballot: Ballot;
  private readonly log: Log;
  private readonly decided: Decided;
  private readonly me: MemberId;
  private readonly peer: Peer;
  private readonly notes: RaftNotes;
  private readonly following: Following;
  private role: Role = 'follower';
  private leaderMember: MemberId | null = null;
  private candidacy: Candidacy | null = null;
  private office: Office | null = null;
  private readonly patience: Patience;
  private cancelJoin: Cancel = () => {};
  private cancelFounding: Cancel = () => {};

  constructor(
    world: ElectionWorld<RaftMessage>,
    machine: StateMachine,
    legacy: Json = null,
    options: RaftOptions = DEFAULT_OPTIONS,
  ) {
    this.world = world;
    this.machine = machine;
    this.legacy = legacy as Legacy;
    machine.restore(null);
    this.options = options;
    this.ballot = new Ballot(world.store);
    this.log = new Log(world.store);
    this.decided = new Decided(this.log, machine, options);
    this.me = memberId(world.self, birthIn(world));
    this.peer = this.asPeer();
    this.notes = new RaftNotes(this.peer, world);
    this.patience = new Patience(world, options, () => this.timedOut());
    this.following = new Following({
      peer: this.peer,
      decided: this.decided,
      taken: (first) => this.taken(first),
      installed: () => this.installed(),
      committed: (index) => this.committed(index),
    });
  }

  start(): void {
    if (this.isFounder) this.found();
    this.notes.began();
    this.stand('follower');
    this.restartTimer();
    // It may have heard a leader just before it crashed, which reads by a lease for as long as that.
    if (this.options.leaseReads && this.ballot.term > 0) this.patience.refresh();
    this.tellOfMe();
  }

  stop(): void {
    this.office?.end();
    this.office = null;
    this.patience.stop();
    this.cancelFounding();
    this.cancelJoin();
  }

  receive(from: NodeId, message: RaftMessage): void {
    const member = memberId(from, message.from);
    if (message.type === 'join') return this.office?.joined(member);
    // It is for a member that was here before the disk was wiped.
    if (message.to !== birthOf(this.me)) return;
    if (message.type === 'ask-vote') return this.asked(member, message);
    if (message.type === 'vote') return this.voted(member, message);
    if (message.term > this.ballot.term) this.follow(message.term, null);
    switch (message.type) {
      case 'append':
      case 'install':
        return this.led(member, message);
      case 'take-over':
        if (message.term === this.ballot.term) this.campaign(false, true);
        return;
      case 'appended':
      case 'mismatch':
        if (message.term === this.ballot.term) this.office?.answered(member, message);
    }
  }

  neighbourUp(): void {
    this.sayJoin();
  }

  resumed(): void {
    this.office?.leadership.resumed();
    this.restartTimer();
  }

  // Who leads

  standing(): Standing {
    return { role: this.role, leader: this.leader(), term: this.ballot.term };
  }

  timer(): ElectionTimer | null {
    return this.isVoter ? this.patience.timer : null;
  }

  leader(): NodeId | null {
    return this.leaderMember && nodeOf(this.leaderMember);
  }

  isLeader(): boolean {
    return this.office !== null;
  }

  propose(command: Json, onEnd: (result: Proposed) => void): void {
    if (this.office === null) return onEnd({ ok: false, reason: 'not-leader' });
    this.office.leadership.propose(command, onEnd);
  }

  read(onEnd: (ok: boolean) => void): void {
    if (this.office === null) return onEnd(false);
    this.office.leadership.read(onEnd);
  }

  /** The teacher wants others to decide. */
  votersChanged(): void {
    this.office?.reconfigure();
  }

  /** It leads no longer, if it did; whoever can be heard may. */
  stepDown(): void {
    if (this.office !== null) this.follow(this.ballot.term, null);
  }

  /** If it leads, it asks that voter to take over. */
  handOver(to: NodeId): void {
    this.office?.handOver(to);
  }

  /** What it knows of the group's data, for a new group that it founds. */
  bequeath(): Json {
    return { state: this.machine.snapshot() };
  }

  // Standing for election

  private timedOut(): void {
    this.leaderMember = null;
    if (this.isVoter) this.campaign(this.options.preVote, false);
    else this.stand('learner');
  }

  private campaign(isPre: boolean, isHandover: boolean): void {
    if (!this.isVoter || this.office !== null) return;
    const term = this.ballot.term + 1;
    if (!isPre) {
      this.ballot.advance(term);
      this.ballot.voteFor(this.me);
      this.notes.voted(this.me);
    }
    this.leaderMember = null;
    this.candidacy = new Candidacy(isPre, term, isHandover);
    this.candidacy.count(this.me, true);
    this.stand('candidate');
    this.restartTimer();
    const { lastIndex, lastTerm } = this.log;
    for (const voter of this.config.voters)
      if (voter !== this.me)
        this.say(voter, { type: 'ask-vote', term, lastIndex, lastTerm, isPre, isHandover });
    this.countVotes();
  }

  private asked(from: MemberId, { term, isPre, isHandover, lastIndex, lastTerm }: AskVote): void {
    // A leader is there: whoever does not hear it would only disturb (RAFT-7).
    if (this.options.checkQuorum && this.patience.isFresh && !isHandover) return;
    if (term > this.ballot.term && !isPre) this.follow(term, null);
    const isFree = isPre || this.ballot.vote === null || this.ballot.vote === from;
    const isInTime = isPre ? term > this.ballot.term : term === this.ballot.term;
    const granted = isInTime && isFree && this.log.isNoNewerThan(lastIndex, lastTerm);
    if (granted && !isPre) {
      this.ballot.voteFor(from);
      this.notes.voted(from);
      this.restartTimer();
    }
    this.say(from, { type: 'vote', term: granted ? term : this.ballot.term, isPre, granted });
  }

  private voted(from: MemberId, { term, isPre, granted }: Vote): void {
    if (!granted && term > this.ballot.term) return this.follow(term, null);
    const { candidacy } = this;
    if (candidacy === null || candidacy.isPre !== isPre) return;
    if (granted && term !== candidacy.term) return;
    if (!granted && term !== this.ballot.term) return;
    candidacy.count(from, granted);
    this.countVotes();
  }

  private countVotes(): void {
    const { candidacy } = this;
    if (candidacy === null) return;
    this.notes.counted(candidacy);
    if (candidacy.isLost(this.config)) {
      this.candidacy = null;
      return this.stand('follower');
    }
    if (!candidacy.isWon(this.config)) return;
    if (candidacy.isPre) return this.campaign(false, candidacy.isHandover);
    this.lead();
  }

  private lead(): void {
    this.candidacy = null;
    this.leaderMember = this.me;
    this.patience.rest();
    this.patience.lead(true);
    this.office = new Office({
      peer: this.peer,
      committed: (index) => this.committed(index),
      logged: () => this.notes.logged(),
      isAlone: () => this.follow(this.ballot.term, null),
      chosen: () => this.world.voters(),
    });
    this.stand('leader');
    this.office.begin();
  }

  /** It follows, in this term; whom, it may not know yet. */
  private follow(term: number, leader: MemberId | null): void {
    const { office } = this;
    this.ballot.advance(term);
    this.office = null;
    this.candidacy = null;
    this.leaderMember = leader;
    if (office !== null) this.patience.lead(false);
    office?.end();
    this.stand('follower');
    if (leader !== null || this.patience.timer === null) this.restartTimer();
  }

  // Following

  private led(from: MemberId, message: Append | Install): void {
    const { term } = this.ballot;
    // To one that thinks it leads: the answer tells of the higher term.
    if (message.term < term) return this.say(from, { type: 'appended', term, match: 0, round: 0 });
    if (this.office !== null) return;
    if (this.leaderMember !== from || this.candidacy !== null) this.follow(term, from);
    else this.restartTimer();
    this.patience.refresh();
    const { following } = this;
    const isAppend = message.type === 'append';
    this.say(from, isAppend ? following.append(message) : following.install(message));
  }

  private taken(first: number): void {
    this.notes.logged(first);
    this.refreshRole();
  }

  private installed(): void {
    this.notes.installed();
    this.refreshRole();
  }

  // What is decided

  private committed(index: number): void {
    const applied = (at: number, answer: Json) => this.office?.leadership.applied(at, answer);
    if (!this.decided.advance(index, applied)) return;
    this.notes.committed();
    this.notes.applied();
    if (this.decided.compact()) this.notes.compacted();
    this.office?.leadership.tellSoon();
  }

  // Being there

  private get isFounder(): boolean {
    const { self, incarnation, choice } = this.world;
    return choice.by.id === self && choice.by.life === incarnation && this.log.lastIndex === 0;
  }

  /** A group begins with one voter, whose majority it is itself; all others are let in by the log. */
  private found(): void {
    this.ballot.advance(1);
    const config = { voters: [this.me], learners: [] };
    if (this.legacy === null) this.log.append({ term: 1, type: 'config', config });
    else {
      const { state } = this.legacy;
      this.log.install({ index: 1, term: 1, config, digest: 0, state });
      this.decided.restore(1, state);
    }
    this.cancelFounding = this.world.after(0, () => this.campaign(false, false));
  }

  private tellOfMe(): void {
    this.cancelJoin = this.world.after(JOIN_EVERY_MS, () => {
      this.sayJoin();
      this.tellOfMe();
    });
  }

  /** Whoever leads, or hears who does, is known to be there. */
  private sayJoin(): void {
    if (this.patience.isFresh || this.office !== null) return;
    const from = birthOf(this.me);
    for (const id of this.world.neighbours()) this.world.send(id, { type: 'join', from });
  }

  /** One that leads waits for nobody. */
  private restartTimer(): void {
    if (this.office === null) this.patience.restart();
    else this.patience.rest();
  }

  private get config(): Config {
    return this.log.configAt(this.log.lastIndex);
  }

  private get isVoter(): boolean {
    return this.config.voters.includes(this.me);
  }

  /** It may have become a voter, or have ceased to be one. */
  private refreshRole(): void {
    this.stand(this.role === 'learner' ? 'follower' : this.role);
  }

  private stand(role: Role): void {
    this.role = role === 'follower' && !this.isVoter ? 'learner' : role;
    this.notes.stands(this.standing());
  }

  private say(to: MemberId, said: Said): void {
    const ends = { from: birthOf(this.me), to: birthOf(to) };
    this.world.send(nodeOf(to), { ...said, ...ends } as RaftMessage);
  }

  private asPeer(): Peer {
    const raft = this;
    return {
      me: this.me,
      world: this.world,
      options: this.options,
      log: this.log,
      ballot: this.ballot,
      machine: this.machine,
      get config() {
        return raft.config;
      },
      get commit() {
        return raft.decided.commit;
      },
      get applied() {
        return raft.decided.applied;
      },
      say: (to, said) => raft.say(to, said),
    };
  }

  inspect(): Json {
    const { log, ballot, decided, candidacy, office } = this;
    return {
      ...this.standing(),
      member: this.me,
      vote: ballot.vote,
      commit: decided.commit,
      applied: decided.applied,
      baseIndex: log.baseIndex,
      lastIndex: log.lastIndex,
      config: this.config,
      votes: candidacy?.inspect() ?? null,
      followers: office?.leadership.inspect() ?? null,
    };
  }
}

/** The life in which this node first kept something of this group. */
function birthIn({ store, incarnation }: ElectionWorld<RaftMessage>): number {
  const kept = store.get('birth');
  if (typeof kept === 'number') return kept;
  store.put('birth', incarnation);
  return incarnation;
}

/** @param machine what this node executes the log with; each run begins with an empty one */
export function raftWith(
  machine: StateMachine,
  options: RaftOptions = DEFAULT_OPTIONS,
): Algorithm<RaftMessage> {
  return {
    name: 'raft',
    schema: raftSchema,
    create: (world, legacy) => new Raft(world, machine, legacy, options),
  };
}
