import type { Host } from '../runtime/host.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { Beliefs } from './beliefs.ts';
import type { Echoes } from './echoes.ts';
import { MAX_ROWS, type Bare, type MembershipMessage } from './messages.ts';
import type { OwnStanding } from './own-standing.ts';
import { beatEveryMs } from './pace.ts';

/** Once a second a whole roster goes to a neighbour, and one comes back: so views meet again after a split. */
export const EXCHANGE_MS: Milliseconds = 1_000;

/** All that a node says. Whatever it says, claims ride on it; once it has left it says nothing. */
export class Voice {
  private readonly host: Host<MembershipMessage>;
  private readonly own: OwnStanding;
  private readonly beliefs: Beliefs;
  private readonly echoes: Echoes;
  private exchangedAt: Milliseconds = -Infinity;
  private exchanges = 0;

  constructor(host: Host<MembershipMessage>, own: OwnStanding, beliefs: Beliefs, echoes: Echoes) {
    this.host = host;
    this.own = own;
    this.beliefs = beliefs;
    this.echoes = echoes;
  }

  say(to: NodeId, message: Bare): void {
    if (this.own.state === 'left') return;
    this.host.send(to, { ...message, claims: this.beliefs.claimsFor(to) });
  }

  /** To all neighbours: I live. */
  beat(): void {
    const neighbours = this.host.neighbours();
    const sent = this.host.monotonic();
    const { life, refutation } = this.own;
    const beat = { type: 'beat', life, refutation, sent, everyMs: beatEveryMs(neighbours.length) } as const; // prettier-ignore
    for (const id of neighbours) this.say(id, { ...beat, echo: this.echoes.for(id, sent) });
    if (sent - this.exchangedAt >= EXCHANGE_MS) this.exchange(neighbours, sent);
  }

  /** All that it holds, in as many parts as it takes. */
  roster(to: NodeId, answer: boolean): void {
    if (this.own.state === 'left') return;
    const rows = this.beliefs.rows();
    for (let i = 0; i < rows.length; i += MAX_ROWS) {
      const claims = rows.slice(i, i + MAX_ROWS);
      this.host.send(to, { type: 'roster', answer: answer && i === 0, claims });
    }
  }

  /** The last word of this node, to all neighbours. */
  leave(): void {
    const { life, refutation } = this.own;
    for (const id of this.host.neighbours()) this.say(id, { type: 'leave', life, refutation });
    this.own.leave();
  }

  /** With one neighbour after the other. */
  private exchange(neighbours: readonly NodeId[], now: Milliseconds): void {
    this.exchangedAt = now;
    this.exchanges += 1;
    const partner = neighbours[this.exchanges % neighbours.length];
    if (partner !== undefined) this.roster(partner, true);
  }
}
