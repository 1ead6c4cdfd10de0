import { ALL_FAULTS } from '../fault.ts';
import { overlayOver, type Overlay } from '../../membership/overlay/overlay.ts';
import { MAX_PASSIVE } from '../../membership/overlay/passive-view.ts';
import type { Milliseconds } from '../../vocabulary.ts';
import type { Random } from '../random.ts';
import type { Run, Scenario, Violation } from '../scenario.ts';
import { linksOf, partsOf } from '../survivors.ts';

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
  faults: ALL_FAULTS,
  safetyMs: 30_000,
  livenessMs: 30_000,
  ownLinks: true,

  protocols(node, _life, _index, setting, links) {
    const overlay = node.add(overlayOver(links));
    overlay.use(drawChoices(setting));
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
    const graph = linksOf(run);
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
