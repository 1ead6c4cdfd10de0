import {
  overlayOver,
  type Overlay,
  type OverlayChoices,
} from '../../src/membership/overlay/overlay.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import { linksOf, partsOf } from '../../src/simulator/survivors.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { NodeId } from '../../src/vocabulary.ts';

export interface OverlayClassOptions extends OverlayChoices {
  readonly nodes: number;
  readonly seed?: string | number;
  /** Whether `self` knows of `other` by now; left out, all know of all from the start. */
  readonly knows?: (self: number, other: number) => boolean;
  readonly trace?: (event: TraceEvent) => void;
}

/** Nodes that run the overlay alone and choose their links themselves, in virtual time. */
export class OverlayClass {
  readonly cluster: Cluster<Overlay>;
  readonly dead = new Set<number>();

  constructor({ nodes, seed = 1, knows, trace, ...choices }: OverlayClassOptions) {
    this.cluster = new Cluster<Overlay>({
      nodes,
      seed,
      delay: () => 5,
      protocols: (node, _life, self, links) => {
        // In the order of the nodes, without this one.
        const contacts = () =>
          links.contacts().filter((_, at) => knows?.(self, at < self ? at : at + 1) ?? true);
        const overlay = node.add(overlayOver({ ...links, contacts }));
        overlay.use(choices);
        return overlay;
      },
      ...(trace && { trace }),
    });
  }

  get overlays(): readonly Overlay[] {
    return this.cluster.members.map(({ protocols }) => protocols);
  }

  indexOf(id: NodeId): number {
    return this.cluster.members.findIndex((machine) => machine.id === id);
  }

  runFor(ms: number): void {
    this.cluster.time.runFor(ms);
  }

  kill(index: number): void {
    this.dead.add(index);
    this.cluster.members[index]!.crash();
  }

  use(choices: OverlayChoices): void {
    for (const overlay of this.overlays) overlay.use(choices);
  }

  /** Who is linked to whom, of those that live. */
  graph(): ReadonlyMap<number, readonly number[]> {
    return linksOf(this);
  }

  /** How many links each of those that live has. */
  degrees(): number[] {
    return [...this.graph().values()].map(({ length }) => length);
  }

  /** How many parts the living have fallen into. */
  parts(): number {
    return partsOf(this.graph()).length;
  }

  /** When the living are one mesh, from now on, in steps of 50 ms; null if not within `ms`. */
  oneWithin(ms: number): number | null {
    for (let waited = 0; waited <= ms; waited += STEP_MS) {
      if (this.parts() === 1) return waited;
      this.runFor(STEP_MS);
    }
    return null;
  }
}

const STEP_MS = 50;
