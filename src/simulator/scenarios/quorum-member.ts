import { quorum, type Quorum } from '../../coordination/quorum/quorum.ts';
import { usualSetting, type RegisterSetting } from '../../network/register-setting.ts';
import type { Node } from '../../runtime/node.ts';
import type { Incarnation, NodeId } from '../../vocabulary.ts';
import type { Random } from '../random.ts';

/** What a seed chooses for the registers; whose they are is known when all nodes are there. */
export interface QuorumDraw extends Pick<RegisterSetting, 'n' | 'r' | 'w' | 'sloppy' | 'repair'> {
  /** Some lose their disks: then nothing is promised but that all ends well. */
  readonly wipes: boolean;
}

/** A node that takes part, and its one client, who asks one thing at a time. */
export interface QuorumMember {
  readonly quorum: Quorum;
  readonly draw: QuorumDraw;
  /** The client's name in the history. Whoever was never answered goes on under another. */
  readonly life: string;
  gaveUp: number;
  waitsFor: number;
}

const MOST_COPIES = 5;

/** Mostly so that reads and writes meet. */
export function drawQuorum(random: Random): QuorumDraw {
  const n = 1 + random.below(MOST_COPIES);
  const w = 1 + random.below(n);
  const meets = random.next() < 0.75;
  const r = meets ? n - w + 1 + random.below(w) : 1 + random.below(n);
  const dice = random.next();
  return {
    ...{ n, r, w },
    repair: dice < 0.4 ? 'before' : dice < 0.8 ? 'later' : 'none',
    sloppy: random.next() < 0.3,
    wipes: random.next() < 0.15,
  };
}

export function quorumMember(
  node: Node,
  life: Incarnation,
  index: number,
  draw: QuorumDraw,
): QuorumMember {
  const client = { life: `${index}.${life}`, gaveUp: 0, waitsFor: 0 };
  return { quorum: node.add(quorum), draw, ...client };
}

/** What the room has chosen, once all nodes are there. */
export function settingOf(draw: QuorumDraw, ids: readonly NodeId[]): RegisterSetting {
  const { sloppy, repair } = draw;
  const n = Math.min(draw.n, ids.length);
  const [r, w] = [Math.min(draw.r, n), Math.min(draw.w, n)];
  return { ...usualSetting(1, { id: ids[0]!, life: 1 }, ids), n, r, w, sloppy, repair };
}

/** Whether it promises that nobody is told anything older than what had ended. */
export function promisesFreshness({ n, r, w, sloppy, wipes }: QuorumDraw): boolean {
  return r + w > n && !sloppy && !wipes;
}
