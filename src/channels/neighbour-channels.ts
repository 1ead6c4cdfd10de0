import type { Kind } from './messages.ts';

type Told = Kind<'here'>['channels'][number];

/** What a neighbour has said of its channels since its link opened. */
export class NeighbourChannels {
  private round = 0;
  private channels = new Map<string, Told>();

  /** False for what it said before something that is known already. */
  take(round: number, channels: readonly Told[]): boolean {
    if (round <= this.round) return false;
    this.round = round;
    // Shares no memory with the frame.
    this.channels = new Map(
      channels.map(({ name, opening, about }) => [name, { name, opening, about: about.slice() }]),
    );
    return true;
  }

  channel(name: string): Told | undefined {
    return this.channels.get(name);
  }
}
