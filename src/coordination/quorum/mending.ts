import type { NodeId } from '../../vocabulary.ts';
import { compareVersions, NOTHING, type Held } from './version.ts';

interface Heard {
  readonly from: NodeId;
  readonly held: Held;
}

/**
 * What a read has heard of the copies, and which of them are behind. 'Read repair': who reads finds
 * out who is behind, and gives it what it lacks.
 */
export class Mending {
  private readonly heard = new Map<NodeId, Heard>();
  newest: Held = NOTHING;

  learn(home: NodeId, from: NodeId, held: Held): void {
    this.heard.set(home, { from, held });
    if (compareVersions(held.version, this.newest.version) > 0) this.newest = held;
  }

  /** The copies that hold the newest that was heard of. */
  upToDate(): ReadonlySet<NodeId> {
    const homes = [...this.heard].filter(([, { held }]) => !this.isBehind(held));
    return new Set(homes.map(([home]) => home));
  }

  /** Those that are not, and who spoke for them; each of them once for one newest. */
  takeBehind(): readonly { readonly home: NodeId; readonly from: NodeId }[] {
    const behind = [...this.heard].filter(([, { held }]) => this.isBehind(held));
    for (const [home, { from }] of behind) this.heard.set(home, { from, held: this.newest });
    return behind.map(([home, { from }]) => ({ home, from }));
  }

  private isBehind({ version }: Held): boolean {
    return compareVersions(version, this.newest.version) < 0;
  }
}
