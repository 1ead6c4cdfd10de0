import type { Host } from '../runtime/host.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { Beliefs } from './beliefs.ts';
import type { Member } from './member.ts';
import type { MembershipMessage } from './messages.ts';
import type { Probes } from './probes.ts';

/** What a killed node had sent may be heard for so long after the server saw it go. */
export const WITNESS_GRACE_MS: Milliseconds = 300;

/** Two witnesses need less patience than one: so a killed tab is dead to all within 1.5 s. */
const OF_PATIENCE = 2 / 3;

/**
 * A second witness: the server saw a node go. Its word alone buries nobody, for a socket may close and
 * its node live on; but it makes this node look at once.
 */
export class Witness {
  private readonly host: Host<MembershipMessage>;
  private readonly beliefs: Beliefs;
  private readonly probes: Probes;
  private readonly judge: (id: NodeId) => void;

  /** @param judge what this node's own detector says is to be looked at now */
  constructor(
    host: Host<MembershipMessage>,
    beliefs: Beliefs,
    probes: Probes,
    judge: (id: NodeId) => void,
  ) {
    this.host = host;
    this.beliefs = beliefs;
    this.probes = probes;
    this.judge = judge;
  }

  sawGo(id: NodeId): void {
    const member = this.beliefs.roster.get(id);
    if (member === undefined || member.gone) return;
    // What it had sent before may come now, and answer the first question.
    if (member.goneAt === null) this.host.after(WITNESS_GRACE_MS, () => this.ask(id));
    member.goneAt = this.host.monotonic();
    const isClosed = !member.linked && member.by.includes(this.host.self);
    if (isClosed) this.beliefs.silent(member, member.reason);
    else this.ask(id);
  }

  /** Who is heard lives, whatever the server saw. */
  heard(member: Member): void {
    if (member.goneAt === null) return;
    if (this.host.monotonic() - member.goneAt > WITNESS_GRACE_MS) member.goneAt = null;
  }

  private ask(id: NodeId): void {
    const member = this.beliefs.roster.get(id);
    if (member === undefined || member.goneAt === null || member.gone) return;
    this.probes.probe(id, OF_PATIENCE);
    this.judge(id);
  }
}
