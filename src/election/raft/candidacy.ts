import { hasMajority, type Config } from './config.ts';
import type { MemberId } from './member.ts';

/** One attempt to be elected: who has said what so far. */
export class Candidacy {
  /** Nothing is promised yet: it asks whether it could win. */
  readonly isPre: boolean;
  /** In which it would lead. */
  readonly term: number;
  /** The leader has asked for it, so nobody holds it for a disturbance. */
  readonly isHandover: boolean;
  private readonly votes = new Map<MemberId, boolean>();

  constructor(isPre: boolean, term: number, isHandover: boolean) {
    this.isPre = isPre;
    this.term = term;
    this.isHandover = isHandover;
  }

  /** Only the first word of each counts. */
  count(member: MemberId, granted: boolean): void {
    if (!this.votes.has(member)) this.votes.set(member, granted);
  }

  isWon(config: Config): boolean {
    return hasMajority(config, (member) => this.votes.get(member) === true);
  }

  isLost(config: Config): boolean {
    return hasMajority(config, (member) => this.votes.get(member) === false);
  }

  inspect() {
    return [...this.votes].map(([member, granted]) => ({ member, granted }));
  }
}
