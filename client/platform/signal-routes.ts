import type { LinkRules } from '../../src/network/rules-document.ts';
import type { Relay, Signal } from '../../src/wire/signaling-messages.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import type { Link } from './link.ts';
import type { LostReason, Route } from './link-context.ts';
import { randomUnit } from './random.ts';

/** The post office: the signaling server while it is there. */
export interface SignalPost {
  readonly connected: boolean;
  signal(relay: Relay): void;
}

/** What was refused on the way in, by name. */
export interface MeshCounters {
  staleSignals: number;
  strangerSignals: number;
  introductionsPassed: number;
  introductionsUnreachable: number;
  /** Calls and answers of a node to which the link is cut, whichever way they came. */
  cutSignals: number;
  /** Asked for by one of two nodes between which the link is cut. */
  cutIntroductions: number;
  /** Attempts that failed and links that closed, by reason. */
  lost: { [reason in LostReason]?: number };
}

export function noMeshCounts(): MeshCounters {
  return {
    staleSignals: 0,
    strangerSignals: 0,
    introductionsPassed: 0,
    introductionsUnreachable: 0,
    cutSignals: 0,
    cutIntroductions: 0,
    lost: {},
  };
}

/** How signals find their way: through the server, or through a tab that both are linked to. */
export class SignalRoutes {
  readonly post: SignalPost;
  readonly #links: ReadonlyMap<NodeId, Link>;
  readonly #counters: MeshCounters;

  constructor(post: SignalPost, links: ReadonlyMap<NodeId, Link>, counters: MeshCounters) {
    this.post = post;
    this.#links = links;
    this.#counters = counters;
  }

  /** The server if both are there; else somebody whom this tab is linked to, anybody of them. */
  find(to: NodeId, present: boolean): Route | null {
    if (this.post.connected && present) return 'server';
    const relays = [...this.#links.values()].filter((link) => link.open && link.id !== to);
    return relays[Math.floor(randomUnit() * relays.length)]?.id ?? null;
  }

  send(route: Route, to: NodeId, nonce: string, signal: Signal): void {
    if (route === 'server') this.post.signal({ to, nonce, signal });
    else this.#links.get(route)?.manage({ type: 'introduce', to, nonce, signal });
  }

  /**
   * Introduces two tabs that both are linked to this one, unless a rule keeps them apart. One hop only,
   * and in the sender's true name.
   */
  passOn(
    from: Link,
    { to, nonce, signal }: { to: NodeId; nonce: string; signal: Signal },
    rules: LinkRules,
  ): void {
    const target = this.#links.get(to);
    const cut = rules.isCut(from.id, to);
    if (cut || !target?.open) {
      this.#counters[cut ? 'cutIntroductions' : 'introductionsUnreachable']++;
      return from.manage({ type: 'unreachable', to, nonce });
    }
    this.#counters.introductionsPassed++;
    target.manage({ type: 'introduced', from: from.id, nonce, signal });
  }
}
