import type { MemberId } from './member.ts';

/** Who decides, and who only learns. It stands in the log: the newest one there counts, committed or not. */
export type Config = {
  readonly voters: readonly MemberId[];
  readonly learners: readonly MemberId[];
};

export const NOBODY: Config = { voters: [], learners: [] };

/** The largest room, and half as many who left it and are not forgotten yet. */
export const MAX_MEMBERS = 96;

/** More than half: any two of such sets have a member in common. */
export function majorityOf(voters: number): number {
  return Math.floor(voters / 2) + 1;
}

export function membersOf({ voters, learners }: Config): readonly MemberId[] {
  return [...voters, ...learners];
}

export function hasMajority({ voters }: Config, has: (member: MemberId) => boolean): boolean {
  return voters.filter(has).length >= majorityOf(voters.length);
}

/** The highest value that a majority of voters has reached. */
export function majorityReached({ voters }: Config, reached: (member: MemberId) => number): number {
  const values = voters.map(reached).sort((a, b) => b - a);
  return values[majorityOf(voters.length) - 1] ?? 0;
}

export function withLearners(config: Config, added: readonly MemberId[]): Config {
  return { ...config, learners: [...config.learners, ...added] };
}

export function promoted({ voters, learners }: Config, member: MemberId): Config {
  return { voters: [...voters, member], learners: learners.filter((other) => other !== member) };
}

export function demoted({ voters, learners }: Config, member: MemberId): Config {
  return { voters: voters.filter((other) => other !== member), learners: [...learners, member] };
}

export function without({ voters, learners }: Config, gone: readonly MemberId[]): Config {
  const stays = (member: MemberId) => !gone.includes(member);
  return { voters: voters.filter(stays), learners: learners.filter(stays) };
}
