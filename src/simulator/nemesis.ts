import type { LinkRule } from '../network/link-rule.ts';
import type { Milliseconds } from '../vocabulary.ts';
import type { Cluster } from './cluster.ts';
import type { Fault } from './fault.ts';

/**
 * Does to a cluster what a list of faults says, when it says so, until `heal`. Faults overlap as they
 * like: a node that two pauses hold runs when both have ended.
 */
export class Nemesis<Protocols> {
  private readonly cluster: Cluster<Protocols>;
  private readonly killed = new Set<number>();
  private readonly pauses = new Map<number, number>();
  private readonly rules = new Set<readonly LinkRule[]>();
  private healed = false;

  constructor(cluster: Cluster<Protocols>, faults: readonly Fault[]) {
    this.cluster = cluster;
    for (const fault of faults) this.at(fault.at, () => this.strike(fault));
  }

  /** The nodes that were killed for good. */
  get dead(): ReadonlySet<number> {
    return this.killed;
  }

  /** Ends every fault that ends, at once. The killed stay dead. */
  heal(): void {
    this.healed = true;
    this.rules.clear();
    this.cluster.setRules([]);
    this.cluster.members.forEach((machine, index) => {
      machine.resume();
      machine.drift(0);
      if (!this.killed.has(index)) this.cluster.restart(index, true);
    });
  }

  private strike(fault: Fault): void {
    switch (fault.kind) {
      case 'kill':
        this.killed.add(fault.node);
        return this.cluster.members[fault.node]!.crash();
      case 'crash':
      case 'wipe':
        return this.crash(fault.node, fault.forMs, fault.kind === 'crash');
      case 'pause':
        return this.pause(fault.node, fault.forMs);
      case 'cut':
      case 'one-way':
      case 'blackhole':
        return this.impose(this.linkRules(fault.kind, fault.node, fault.other), fault.forMs);
      case 'partition':
        return this.impose(this.partition(fault), fault.forMs);
      case 'swizzle':
        return this.swizzle(fault);
      case 'clock-jump':
        return this.cluster.members[fault.node]!.wall.jump(fault.byMs);
      case 'drift':
        this.cluster.members[fault.node]!.drift(fault.ppm);
        return this.after(fault.forMs, () => this.cluster.members[fault.node]!.drift(0));
    }
  }

  private crash(node: number, forMs: Milliseconds, keepDisk: boolean): void {
    this.cluster.members[node]!.crash();
    this.after(forMs, () => {
      if (!this.killed.has(node)) this.cluster.restart(node, keepDisk);
    });
  }

  private pause(node: number, forMs: Milliseconds): void {
    this.pauses.set(node, (this.pauses.get(node) ?? 0) + 1);
    this.cluster.members[node]!.pause();
    this.after(forMs, () => {
      const left = this.pauses.get(node)! - 1;
      this.pauses.set(node, left);
      if (left === 0) this.cluster.members[node]!.resume();
    });
  }

  private swizzle({ nodes, back, stepMs }: Extract<Fault, { kind: 'swizzle' }>): void {
    nodes.forEach((node, index) => {
      const turn = nodes.length - index + back.indexOf(node);
      this.after(index * stepMs, () => this.impose(this.isolation(node), turn * stepMs));
    });
  }

  private linkRules(kind: 'cut' | 'one-way' | 'blackhole', a: number, b: number): LinkRule[] {
    const [from, to] = [this.cluster.members[a]!.id, this.cluster.members[b]!.id];
    if (kind === 'cut')
      return [
        { from, to, cut: true },
        { from: to, to: from, cut: true },
      ];
    const oneWay = { from, to, blackhole: true };
    return kind === 'one-way' ? [oneWay] : [oneWay, { from: to, to: from, blackhole: true }];
  }

  private isolation(node: number): LinkRule[] {
    return this.partition({ nodes: [node], style: 'blackhole' });
  }

  private partition({
    nodes,
    style,
  }: Pick<Extract<Fault, { kind: 'partition' }>, 'nodes' | 'style'>): LinkRule[] {
    const others = [...this.cluster.members.keys()].filter((index) => !nodes.includes(index));
    return nodes.flatMap((a) => others.flatMap((b) => this.linkRules(style, a, b)));
  }

  private impose(rules: readonly LinkRule[], forMs: Milliseconds): void {
    this.rules.add(rules);
    this.cluster.setRules([...this.rules].flat());
    this.after(forMs, () => {
      this.rules.delete(rules);
      this.cluster.setRules([...this.rules].flat());
    });
  }

  private after(delay: Milliseconds, act: () => void): void {
    this.at(this.cluster.time.now() + delay, act);
  }

  /** What was to happen after `heal` does not. */
  private at(time: Milliseconds, act: () => void): void {
    this.cluster.time.at(time, () => {
      if (!this.healed) act();
    });
  }
}
