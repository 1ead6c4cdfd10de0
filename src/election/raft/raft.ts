import type { Cancel } from '../../runtime/host.ts';
import type { Json, NodeId } from '../../vocabulary.ts';
import type { Consensus, Proposed, StateMachine } from '../consensus.ts';
import type { Election, ElectionTimer, ElectionWorld, Role, Standing } from '../election.ts';
import { Ballot } from './ballot.ts';
import { Candidacy } from './candidacy.ts';
import { MAX_MEMBERS, membersOf, type Config } from './config.ts';
import type { Entry } from './entry.ts';
import { Leadership } from './leadership.ts';
import { Log } from './log.ts';
import { birthOf, memberId, nodeOf, type MemberId } from './member.ts';
import type {
  Append,
  Appended,
  AskVote,
  Install,
  Mismatch,
  RaftMessage,
  Said,
  Vote,
} from './messages.ts';
import { nextConfig, wantedVoters, type Facts } from './next-config.ts';
import { RaftNotes } from './notes.ts';
import {
  CAUGHT_UP_WITHIN,
  DEFAULT_OPTIONS,
  JOIN_EVERY_MS,
  REPLACE_AFTER_MS,
  type RaftOptions,
} from './options.ts';
import type { Peer } from './peer.ts';

/** What the founder of a group brings into it: the state of the group that it was in before, if any. */
export type Legacy = { readonly state: Json } | null;

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
  readonly log: Log;
  private readonly world: ElectionWorld<RaftMessage>;
  private readonly options: RaftOptions;
  private readonly machine: StateMachine;
  private readonly ballot: Ballot;
  private readonly me: MemberId;
  private readonly peer: Peer;
  private readonly notes: RaftNotes;
  private readonly legacy: Legacy;
  private role: Role = 'follower';
  private leaderMember: MemberId | null = null;
  private candidacy: Candidacy | null = null;
  private leading: Leadership | null = null;
  private commit = 0;
  private applied = 0;
  /** It has heard its leader within the least timeout, so no other can have been elected. */
  private isFresh = false;
  private chosen: readonly NodeId[] | null = null;
  private newcomers: MemberId[] = [];
  private electionTimer: ElectionTimer | null = null;
  private cancelElection: Cancel = () => {};
  private cancelFresh: Cancel = () => {};
  private cancelBeat: Cancel = () => {};
  private cancelQuorum: Cancel = () => {};
  private cancelJoin: Cancel = () => {};

  constructor(
    world: ElectionWorld<RaftMessage>,
    machine: StateMachine,
    legacy: Legacy = null,
    options: RaftOptions = DEFAULT_OPTIONS,
  ) {
    this.world = world;
    this.machine = machine;
    this.legacy = legacy;
    this.options = options;
    this.ballot = new Ballot(world.store);
    this.log = new Log(world.store);
    this.me = memberId(world.self, birthIn(world));
    this.peer = this.asPeer();
    this.notes = new RaftNotes(this.peer, world);
  }

  start(): void {
    const { snapshot } = this.log;
    if (snapshot !== null) this.restore(snapshot.index, snapshot.state);
    if (this.isFounder) this.found();
    this.notes.began();
    this.stand('follower');
    this.restartTimer();
    this.tellOfMe();
  }

  stop(): void {
    this.leading?.end();
    this.leading = null;
    for (const cancel of [this.cancelElection, this.cancelFresh, this.cancelBeat]) cancel();
    for (const cancel of [this.cancelQuorum, this.cancelJoin]) cancel();
  }

  receive(from: NodeId, message: RaftMessage): void {
    const member = memberId(from, message.from);
    if (message.type === 'join') return this.joined(member);
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
        return this.answered(member, message);
    }
  }

  neighbourUp(): void {
    if (!this.isFresh && this.leading === null) this.sayJoin();
  }

  /** While it did not run others may have elected: what its clock promised is void. */
  resumed(): void {
    this.leading?.reads.endLease();
    this.restartTimer();
  }

  // Who leads

  standing(): Standing {
    return { role: this.role, leader: this.leader(), term: this.ballot.term };
  }

  timer(): ElectionTimer | null {
    return this.electionTimer;
  }

  leader(): NodeId | null {
    return this.leaderMember && nodeOf(this.leaderMember);
  }

  isLeader(): boolean {
    return this.leading !== null;
  }

  propose(command: Json, onEnd: (result: Proposed) => void): void {
    if (this.leading === null) return onEnd({ ok: false, reason: 'not-leader' });
    this.leading.propose(command, onEnd);
  }

  read(onEnd: (ok: boolean) => void): void {
    if (this.leading === null) return onEnd(false);
    this.leading.read(onEnd);
  }

  /** Whom a teacher wants as voters; null: the first five. */
  choose(voters: readonly NodeId[] | null): void {
    this.chosen = voters;
    this.leading?.reconfigure();
  }

  /** The leader asks a voter to take over as soon as it has everything (RAFT-15). */
  handOver(to: NodeId): void {
    const heir = this.config.voters.find((voter) => nodeOf(voter) === to && voter !== this.me);
    if (this.leading === null || heir === undefined) return;
    this.leading.heir = heir;
    this.leading.reads.endLease();
    this.handOverIfReady();
  }

  /** What it knows of the group's data, for a new group that it founds. */
  bequeath(): Legacy {
    return { state: this.machine.snapshot() };
  }

  // Standing for election

  private timedOut(): void {
    this.isFresh = false;
    this.leaderMember = null;
    this.campaign(this.options.preVote, false);
  }

  private campaign(isPre: boolean, isHandover: boolean): void {
    if (!this.isVoter || this.leading !== null) return;
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
    if (this.options.checkQuorum && this.isFresh && !isHandover) return;
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
    this.isFresh = true;
    this.cancelFresh();
    this.cancelElection();
    this.electionTimer = null;
    this.leading = new Leadership({
      peer: this.peer,
      committed: (index) => this.committed(index),
      nextConfig: () => nextConfig(this.config, this.facts()),
    });
    this.stand('leader');
    this.leading.begin();
    this.notes.logged();
    this.beatSoon();
    this.checkQuorumSoon();
  }

  /** It follows, in this term; whom, it may not know yet. */
  private follow(term: number, leader: MemberId | null): void {
    const { leading } = this;
    this.ballot.advance(term);
    this.leading = null;
    this.candidacy = null;
    this.leaderMember = leader;
    if (leading !== null) {
      this.isFresh = false;
      this.cancelBeat();
      this.cancelQuorum();
      leading.end();
    }
    this.stand('follower');
    if (leader !== null || leading !== null || this.electionTimer === null) this.restartTimer();
  }

  // Following

  private led(from: MemberId, message: Append | Install): void {
    const { term } = this.ballot;
    // To one that thinks it leads: the answer tells of the higher term.
    if (message.term < term) return this.say(from, { type: 'appended', term, match: 0, round: 0 });
    if (this.leading !== null) return;
    if (this.leaderMember !== from || this.candidacy !== null) this.follow(term, from);
    else this.restartTimer();
    this.stayFresh();
    if (message.type === 'append') this.append(from, message);
    else this.install(from, message);
  }

  private append(from: MemberId, { prevIndex, prevTerm, entries, commit, round }: Append): void {
    const { log } = this;
    const { term } = this.ballot;
    // What was taken away was committed, so it is what the leader has.
    const known = Math.max(0, Math.min(log.baseIndex - prevIndex, entries.length));
    const start = known > 0 ? prevIndex + known : prevIndex;
    if (start >= log.baseIndex && known === 0 && log.termAt(start) !== prevTerm)
      return this.mismatch(from, prevIndex, prevTerm, round);
    const match = Math.max(start < log.baseIndex ? log.baseIndex : 0, prevIndex + entries.length);
    this.take(entries.slice(known), start + 1);
    this.committed(Math.min(commit, match));
    this.say(from, { type: 'appended', term, match, round });
  }

  /** Only an entry that differs takes away what follows it: an old message takes away nothing (RAFT-9). */
  private take(entries: readonly Entry[], first: number): void {
    const { log } = this;
    const differs = entries.findIndex(({ term }, offset) => log.termAt(first + offset) !== term);
    if (differs === -1) return;
    if (first + differs <= log.lastIndex) log.truncate(first + differs);
    for (const entry of entries.slice(differs)) log.append(entry);
    this.notes.logged(first + differs);
    this.refreshRole();
  }

  /** Says where the two logs may agree, by whole terms and not by single entries (RAFT-8). */
  private mismatch(from: MemberId, prevIndex: number, prevTerm: number, round: number): void {
    const { log } = this;
    let hintIndex = Math.min(prevIndex - 1, log.lastIndex);
    while (hintIndex > log.baseIndex && log.termAt(hintIndex)! > prevTerm) hintIndex -= 1;
    hintIndex = Math.max(hintIndex, log.baseIndex);
    const hintTerm = log.termAt(hintIndex)!;
    const { term } = this.ballot;
    this.say(from, { type: 'mismatch', term, prevIndex, hintIndex, hintTerm, round });
  }

  private install(from: MemberId, { snapshot, round }: Install): void {
    const { term } = this.ballot;
    if (snapshot.index > this.commit) {
      this.log.install(snapshot);
      this.restore(snapshot.index, snapshot.state);
      this.notes.installed();
      this.refreshRole();
    }
    this.say(from, { type: 'appended', term, match: Math.max(snapshot.index, this.commit), round });
  }

  // Leading

  private answered(from: MemberId, message: Appended | Mismatch): void {
    const { leading } = this;
    if (leading === null || message.term !== this.ballot.term) return;
    if (message.type === 'appended') leading.appended(from, message);
    else leading.mismatched(from, message);
    if (this.leading !== leading) return;
    this.handOverIfReady();
    this.reconfigure();
  }

  private joined(member: MemberId): void {
    if (this.leading === null || membersOf(this.config).includes(member)) return;
    if (!this.newcomers.includes(member) && this.newcomers.length < MAX_MEMBERS)
      this.newcomers.push(member);
    this.reconfigure();
  }

  private reconfigure(): void {
    const { leading } = this;
    if (leading === null || leading.heir !== null) return;
    leading.reconfigure();
    this.notes.logged();
    this.newcomers = this.newcomers.filter((member) => !membersOf(this.config).includes(member));
    this.leaveOffice();
  }

  /** A leader that is not to vote any more gives its office to one that is. */
  private leaveOffice(): void {
    const facts = this.facts();
    const wanted = wantedVoters(this.config, facts);
    if (wanted.includes(this.me) || !this.leading!.isSettled) return;
    const { voters } = this.config;
    const heir = wanted.find((member) => voters.includes(member) && facts.isThere(member));
    if (heir !== undefined && voters.every((voter) => voter === this.me || wanted.includes(voter)))
      this.handOver(nodeOf(heir));
  }

  private handOverIfReady(): void {
    const { leading } = this;
    const heir = leading?.heir ?? null;
    if (leading === null || heir === null) return;
    if (leading.progress.get(heir)?.match !== this.log.lastIndex) return;
    this.say(heir, { type: 'take-over', term: this.ballot.term });
  }

  private beatSoon(): void {
    this.cancelBeat = this.world.after(this.options.heartbeatMs, () => {
      this.leading?.beat();
      this.reconfigure();
      this.beatSoon();
    });
  }

  private checkQuorumSoon(): void {
    this.cancelQuorum = this.world.after(this.options.minTimeoutMs, () => {
      const isHeard = this.leading!.checkQuorum();
      // Who was to take over has not done so: it goes on.
      this.leading!.heir = null;
      if (this.options.checkQuorum && !isHeard) return this.follow(this.ballot.term, null);
      this.checkQuorumSoon();
    });
  }

  private facts(): Facts {
    const progress = this.leading!.progress;
    const patience = REPLACE_AFTER_MS / this.options.minTimeoutMs;
    return {
      me: this.me,
      chosen: this.chosen,
      newcomers: this.newcomers,
      isThere: (member) => (progress.get(member)?.silentChecks ?? 1) === 0,
      isGone: (member) => (progress.get(member)?.silentChecks ?? 0) > patience,
      isCaughtUp: (member) =>
        (progress.get(member)?.match ?? 0) >= Math.max(1, this.log.lastIndex - CAUGHT_UP_WITHIN),
    };
  }

  // What is decided

  private committed(index: number): void {
    if (index <= this.commit) return;
    this.commit = Math.min(index, this.log.lastIndex);
    this.notes.committed();
    while (this.applied < this.commit) this.applyNext();
    this.notes.applied();
    this.compact();
    this.leading?.tellSoon();
  }

  private applyNext(): void {
    this.applied += 1;
    const entry = this.log.entryAt(this.applied)!;
    const answer =
      entry.type === 'command' ? this.machine.apply(entry.command, this.applied) : null;
    this.leading?.applied(this.applied, answer);
  }

  private compact(): void {
    const { snapshotAfter, keepBehind } = this.options;
    if (this.applied - (this.log.snapshot?.index ?? 0) < snapshotAfter) return;
    this.log.compact(this.applied, this.machine.snapshot(), this.applied - keepBehind);
    this.notes.compacted();
  }

  private restore(index: number, state: Json): void {
    this.machine.restore(state);
    this.commit = Math.max(this.commit, index);
    this.applied = index;
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
      this.restore(1, state);
    }
    this.world.after(0, () => this.campaign(false, false));
  }

  private tellOfMe(): void {
    this.cancelJoin = this.world.after(JOIN_EVERY_MS, () => {
      if (!this.isFresh && this.leading === null) this.sayJoin();
      this.tellOfMe();
    });
  }

  private sayJoin(): void {
    const from = birthOf(this.me);
    for (const id of this.world.neighbours()) this.world.send(id, { type: 'join', from });
  }

  private stayFresh(): void {
    this.isFresh = true;
    this.cancelFresh();
    this.cancelFresh = this.world.after(this.options.minTimeoutMs, () => (this.isFresh = false));
  }

  private restartTimer(): void {
    this.cancelElection();
    this.electionTimer = null;
    if (!this.isVoter || this.leading !== null) return;
    const { minTimeoutMs, maxTimeoutMs } = this.options;
    const waitMs = minTimeoutMs + this.world.random() * (maxTimeoutMs - minTimeoutMs);
    const startedAt = this.world.monotonic();
    this.electionTimer = { startedAt, endsAt: startedAt + waitMs };
    this.cancelElection = this.world.after(waitMs, () => this.timedOut());
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
    if (this.isVoter !== (this.electionTimer !== null)) this.restartTimer();
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
        return raft.commit;
      },
      get applied() {
        return raft.applied;
      },
      say: (to, said) => raft.say(to, said),
    };
  }

  inspect(): Json {
    const { log, ballot, commit, applied, candidacy, leading } = this;
    return {
      ...this.standing(),
      member: this.me,
      vote: ballot.vote,
      commit,
      applied,
      baseIndex: log.baseIndex,
      lastIndex: log.lastIndex,
      config: this.config,
      votes: candidacy?.inspect() ?? null,
      followers:
        leading &&
        Array.from(leading.progress, ([member, { mode, match, next }]) => ({
          member,
          mode,
          match,
          next,
        })),
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
