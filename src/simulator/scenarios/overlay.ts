import { overlayOver, type Overlay } from '../../membership/overlay/overlay.ts';
import { MAX_PASSIVE } from '../../membership/overlay/passive-view.ts';
import type { Milliseconds } from '../../vocabulary.ts';
import type { Random } from '../random.ts';
import type { Run, Scenario, Violation } from '../scenario.ts';

interface Linking {
  readonly overlay: Overlay;
  /** Since when this life has had more links than it should, or null. */
  aboveSince: Milliseconds | null;
}

/** So few nodes are a full mesh: all runs are about partial views. */
const FULL_MESH_UP_TO = 3;

/** How long a node may have more links than its limit: calls come together, and who hangs on one must find another. */
export const ABOVE_LIMIT_MS: Milliseconds = 20_000;

/**
 * Each node chooses its own links. They stay few at all times; after the faults those who live are one
 * mesh, in which each has as many as it looks for and none too many.
 */
export const overlayScenario: Scenario<Linking> = {
  name: 'overlay',
  faults: [
    'kill',
    'crash',
    'wipe',
    'pause',
    'cut',
    'one-way',
    'blackhole',
    'partition',
    'swizzle',
    'clock-jump',
    'drift',
  ],
  safetyMs: 30_000,
  livenessMs: 30_000,
  ownLinks: true,

  protocols(node, _life, _index, { links, random }) {
    const overlay = node.add(overlayOver(links));
    overlay.use(drawChoices(random));
    return { overlay, aboveSince: null };
  },

  /** The teacher moves the slider. */
  operate(run) {
    choose(run);
  },

  healed(run) {
    choose(run);
  },

  safety({ cluster }) {
    const now = cluster.time.now();
    return cluster.members.flatMap(({ protocols, transport, responsive }, index): Violation[] => {
      const { overlay } = protocols;
      const passive = overlay.passive().length;
      if (passive > MAX_PASSIVE)
        return [{ rule: 'passive views are bounded', text: `node ${index} keeps ${passive}` }];
      const count = transport.neighbours().length;
      const above = responsive && count > overlay.limit;
      protocols.aboveSince = above ? (protocols.aboveSince ?? now) : null;
      if (!above || now - protocols.aboveSince! <= ABOVE_LIMIT_MS) return [];
      const text = `node ${index} has ${count} links, and may have ${overlay.limit}`;
      return [{ rule: 'nobody has too many links for long', text }];
    });
  },

  liveness(run) {
    const graph = linksOfLiving(run);
    const parts = partsOf(graph);
    if (parts.length > 1) {
      const text = parts.map((part) => part.join(' ')).join(' | ');
      return [{ rule: 'after the faults the living are one mesh', text }];
    }
    return [...graph].flatMap(([index, neighbours]): Violation[] => {
      const { overlay } = run.cluster.members[index]!.protocols;
      const least = Math.min(overlay.limit - 2, graph.size - 1);
      const count = neighbours.length;
      if (count >= least && count <= overlay.limit) return [];
      const text = `node ${index} has ${count} links, of ${least} to ${overlay.limit}`;
      return [{ rule: 'after the faults everybody has its share of links', text }];
    });
  },
};

/** Who is linked to whom, of those that live. */
export function linksOfLiving({
  cluster,
  dead,
}: Pick<Run<unknown>, 'cluster' | 'dead'>): ReadonlyMap<number, readonly number[]> {
  const indexes = new Map(cluster.members.map(({ id }, index) => [id, index]));
  return new Map(
    cluster.members.flatMap(({ transport }, index) => {
      if (dead.has(index)) return [];
      const neighbours = transport.neighbours().map((id) => indexes.get(id)!);
      return [[index, neighbours.filter((other) => !dead.has(other))] as const];
    }),
  );
}

/** What is connected, part by part. */
export function partsOf(graph: ReadonlyMap<number, readonly number[]>): number[][] {
  const left = new Set(graph.keys());
  const parts: number[][] = [];
  for (const first of left) {
    const part = new Set([first]);
    for (const index of part) for (const other of graph.get(index)!) part.add(other);
    for (const index of part) left.delete(index);
    parts.push([...part].sort((a, b) => a - b));
  }
  return parts;
}

function choose({ cluster, random }: Run<Linking>): void {
  const choices = drawChoices(random);
  for (const { protocols } of cluster.members) {
    protocols.aboveSince = null;
    protocols.overlay.use(choices);
  }
}

function drawChoices(random: Random) {
  return { fullMeshUpTo: FULL_MESH_UP_TO, activeView: 2 + random.below(4) };
}
