import { groupOf } from '../../network/runs.ts';
import type { Detail } from '../../runtime/host.ts';
import type { Standing } from '../election.ts';
import type { Candidacy } from './candidacy.ts';
import { birthOf, nodeOf, type MemberId } from './member.ts';
import type { Peer } from './peer.ts';

/**
 * What a member lets others see. Its state is noted when it is durable, for only then can anybody have
 * heard of it: a vote that a crash took back was never cast.
 */
export class RaftNotes {
  private readonly peer: Peer;
  private readonly record: (kind: string, detail: Detail) => void;
  private readonly who: Detail;
  private standing = '';
  /** How far the log was noted. */
  private end = 0;
  private members = '';

  constructor(peer: Peer, world: Peer['world']) {
    this.peer = peer;
    this.record = (kind, detail) => world.record(kind, { ...this.who, ...detail });
    this.who = { group: groupOf(world.choice), birth: birthOf(peer.me) };
  }

  /** A life begins with what is on the disk. */
  began(): void {
    const { log } = this.peer;
    if (log.baseIndex > 0) this.compacted();
    this.logged(log.baseIndex + 1);
  }

  stands({ role, leader, term }: Standing): void {
    const { turn, by } = this.peer.world.choice;
    const text = `${role} ${leader} ${term}`;
    if (text === this.standing) return;
    this.standing = text;
    this.whenDurable(() =>
      this.record('role', { algorithm: 'raft', turn, by: by.id, role, term, leader }),
    );
  }

  voted(member: MemberId): void {
    const { term } = this.peer.ballot;
    this.whenDurable(() => this.record('vote', { term, for: nodeOf(member) }));
  }

  /** How the votes stand. */
  counted(candidacy: Candidacy): void {
    const votes = candidacy.inspect();
    const granted = votes.filter((vote) => vote.granted).length;
    this.record('count', {
      term: candidacy.term,
      pre: candidacy.isPre,
      granted,
      refused: votes.length - granted,
      voters: this.peer.config.voters.length,
    });
  }

  /** Its entries from `first` on are new, a note for each stretch of one term; left out: what was appended. */
  logged(first = this.end + 1): void {
    const { log } = this.peer;
    for (let from = first; from <= log.lastIndex;) from = this.stretch(from) + 1;
    this.end = log.lastIndex;
    this.membered();
  }

  committed(): void {
    this.logged();
    const { log, commit: index } = this.peer;
    const [term, digest] = [log.termAt(index)!, log.digestAt(index)!];
    this.whenDurable(() => this.record('committed', { index, term, digest }));
  }

  applied(): void {
    const { applied: index, machine } = this.peer;
    const state = machine.digest();
    this.whenDurable(() => this.record('applied', { index, state }));
  }

  compacted(): void {
    const { log } = this.peer;
    const index = log.baseIndex;
    const [term, digest] = [log.termAt(index)!, log.digestAt(index)!];
    this.whenDurable(() => this.record('snapshot', { index, term, digest }));
  }

  installed(): void {
    this.compacted();
    this.end = this.peer.log.lastIndex;
    this.membered();
    this.applied();
  }

  /** Who decides, by the newest configuration in the log. */
  private membered(): void {
    const { voters, learners } = this.peer.config;
    const detail = { voters: voters.map(nodeOf).join(' '), learners: learners.length };
    const text = JSON.stringify(detail);
    if (text === this.members) return;
    this.members = text;
    this.whenDurable(() => this.record('members', detail));
  }

  private stretch(from: number): number {
    const { log } = this.peer;
    const term = log.termAt(from)!;
    let to = from;
    while (log.termAt(to + 1) === term) to += 1;
    const digest = log.digestAt(to)!;
    this.whenDurable(() => this.record('log', { from, to, term, digest }));
    return to;
  }

  private whenDurable(note: () => void): void {
    this.peer.world.store.whenDurable(note);
  }
}
