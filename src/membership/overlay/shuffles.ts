import type { Host } from '../../runtime/host.ts';
import { shuffled } from '../../runtime/shuffled.ts';
import type { NodeId } from '../../vocabulary.ts';
import { SHUFFLE_HOPS, SHUFFLE_SIZE, type OverlayMessage } from './overlay-messages.ts';
import type { PassiveView } from './passive-view.ts';

/** Of those named by a shuffle: who is a neighbour lives, and so is worth more than who was one once. */
const NEIGHBOURS_NAMED = 3;

type Shuffle = Extract<OverlayMessage, { type: 'shuffle' }>;
type Shuffled = Extract<OverlayMessage, { type: 'shuffled' }>;

/**
 * Keeps passive views mixed and alive: a random walk carries the names of a few nodes away, and what
 * it finds at its end brings as many back, by the way that it came.
 */
export class Shuffles {
  private readonly host: Host<OverlayMessage>;
  private readonly passive: PassiveView;
  /** Takes those who could be linked to. */
  private readonly take: (ids: readonly NodeId[]) => void;

  constructor(
    host: Host<OverlayMessage>,
    passive: PassiveView,
    take: (ids: readonly NodeId[]) => void,
  ) {
    this.host = host;
    this.passive = passive;
    this.take = take;
  }

  begin(neighbours: readonly NodeId[]): void {
    const { host } = this;
    const [first] = shuffled(neighbours, host.random);
    if (first === undefined) return;
    host.send(first, { type: 'shuffle', path: [host.self], ids: this.names(neighbours) });
  }

  walk({ path, ids }: Shuffle, neighbours: readonly NodeId[]): void {
    const { host } = this;
    const onward = neighbours.filter((id) => !path.includes(id));
    const [next] = shuffled(onward, host.random);
    if (path.length < SHUFFLE_HOPS && next !== undefined) {
      return host.send(next, { type: 'shuffle', path: [...path, host.self], ids });
    }
    this.sendBack(path, this.names(neighbours), neighbours);
    this.take(ids);
  }

  return({ path, ids }: Shuffled, neighbours: readonly NodeId[]): void {
    // What it says of its way counts only as far as this node is on it.
    if (path.at(-1) !== this.host.self) return;
    const rest = path.slice(0, -1);
    if (rest.length === 0) this.take(ids);
    else this.sendBack(rest, ids, neighbours);
  }

  private sendBack(path: readonly NodeId[], ids: NodeId[], neighbours: readonly NodeId[]): void {
    const back = path.at(-1)!;
    if (neighbours.includes(back)) this.host.send(back, { type: 'shuffled', path: [...path], ids });
  }

  private names(neighbours: readonly NodeId[]): NodeId[] {
    const some = shuffled(neighbours, this.host.random).slice(0, NEIGHBOURS_NAMED);
    const known = this.passive.sample(SHUFFLE_SIZE - 1 - some.length);
    return [this.host.self, ...some, ...known];
  }
}
